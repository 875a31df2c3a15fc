/** The payout API as its clients reach it, below the framework: what is sent may be anything, what is answered may not. */

import { bankTransfer } from '@bursar/bank-transfer';
import { digest } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, type PayoutsOptions } from '@bursar/payouts';
import type { ApiAnswer } from '@bursar/payouts/http';
import { credentialPattern } from '../../../scripts/credential-pattern.mjs';
import type { Problem } from '../parser.js';

// The samples of the specification: the same at each run, and nobody's.
const KEYS = [
  'bursar_live_0123456789ABCDEFGHIJKLMNOPQRSTUV39zPue',
  'bursar_pub_live_AAAAAAAAAAAAAAAAzzzzzzzzzzzzzzzz2Di6gn',
] as const;
const STRANGERS_KEY = 'bursar_test_zyxwvutsrqponmlkjihgfedcbaZYXWVU0fIfYV';

export const BUSINESS = 'biz_1';
export const NOW = Date.UTC(2026, 0, 1);
export const SECRET = 'a secret of the tests, 32 bytes.';

/** What is asked, with credentials that hold and some that do not. */
export interface World {
  readonly payouts: Payouts;
  readonly key: string;
  readonly keys: readonly string[];
  readonly payoutUserId: string;
  readonly hash: string;
  /** What became a fault of ours: told to `onError`, which is for nobody's input. */
  readonly faults: unknown[];
}

/** Makes one. A payout user has money; the business has none left, so that what is let in leaves nothing behind. */
export async function world(options: Partial<PayoutsOptions> = {}): Promise<World> {
  const faults: unknown[] = [];
  const payouts = createPayouts({
    storage: memoryStorage({ now: () => NOW }),
    secret: SECRET,
    now: () => NOW,
    methods: [bankTransfer({ currency: 'USD', debtor: { name: 'Acme', iban: 'DE89370400440532013000' } })],
    withdrawals: { schedule: () => () => undefined },
    onError: (error) => void faults.push(error),
    ...options,
  });
  const { auth } = payouts;
  await auth.businesses.create({ id: BUSINESS });
  for (const [index, kind] of (['secret', 'publishable'] as const).entries()) {
    const scopes = kind === 'secret' ? ['*'] : ['methods:read'];
    const key = KEYS[index] ?? '';
    await auth.apiKeys.import({ businessId: BUSINESS, name: kind, kind, scopes, digest: digest(key) });
  }
  await payouts.deposit({ businessId: BUSINESS, amount: 1000 });
  await payouts.fund({ businessId: BUSINESS, amount: 1000 });
  const ada = { businessId: BUSINESS, email: 'user@example.com' };
  for (let part = 0; part < 4; part++) await payouts.create({ ...ada, amount: 250 });
  const { payoutUser, hash } = await auth.payoutUsers.open(ada);
  return { payouts, key: KEYS[0], keys: [...KEYS, STRANGERS_KEY], payoutUserId: payoutUser.id, hash, faults };
}

/** What the specification lets the API answer to what a client sent. */
const STATUSES: readonly number[] = [200, 400, 401, 403, 404, 405, 413, 415, 422];

/** Whether an answer is one that the documentation has, tells no credential but the one that it is to tell, and is no fault. */
export function answerProblem({ status, body }: ApiAnswer, { faults, hash }: World): Problem {
  if (faults.length > 0) return `was a fault: ${String(faults.splice(0)[0])}`;
  if (!STATUSES.includes(status)) return `was answered ${status}`;
  const text = JSON.stringify(body) ?? '';
  if (credentialPattern.test(text.replace(hash, ''))) return 'was answered with a credential';
  if (status === 200) return undefined;
  const { error, ...fields } = JSON.parse(text) as Record<string, unknown>;
  const said = status === 422 && Array.isArray(error ?? []) ? { ...fields, error: error ?? [] } : undefined;
  const isExplained = typeof error === 'string' || (said !== undefined && Object.values(said).every(areSentences));
  return isExplained ? undefined : `was refused with a body of another form, ${status}`;
}

function areSentences(value: unknown): boolean {
  return Array.isArray(value) && value.every((sentence) => typeof sentence === 'string');
}

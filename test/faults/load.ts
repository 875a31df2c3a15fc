/** The load of the kill test: operations that follow from a seed, so that who checks knows what was asked. */
import type { Payouts } from '@bursar/payouts';
import { between, chance } from './chance.js';
import { BUSINESS, DESTINATION, METHOD } from './scene.js';

export const LANES = 16;
const USERS = 20;

/** One operation, with an idempotency key that no other has; it is its transfer's reference too. */
export interface Operation {
  readonly kind: 'deposit' | 'fund' | 'create' | 'withdraw';
  readonly key: string;
  readonly amount: number;
  readonly email: string;
}

/** What was answered. */
export interface Told {
  readonly ok: boolean;
  readonly replayed: boolean;
  /** The transfer's or the withdrawal's, where the answer names it. */
  readonly id: string | null;
}

const KINDS = ['deposit', 'fund', 'create', 'withdraw', 'withdraw'] as const;

/** The `index`th operation of a lane. A few withdrawals are of more than there is. */
export function operation(seed: number, lane: number, index: number): Operation {
  const random = chance(seed * 7919 + lane * 104_729 + index * 15_485_863);
  const kind = KINDS[between(random, 0, KINDS.length - 1)] ?? 'deposit';
  const email = `user-${between(random, 1, USERS)}@example.com`;
  return { kind, key: `${seed}-${lane}-${index}`, amount: between(random, 1, kind === 'create' ? 60 : 40), email };
}

/** The ids of the payout users, by address. */
export type Users = Readonly<Record<string, string>>;

/** Opens the business, its money and its payout users. */
export async function openBooks(payouts: Payouts): Promise<Users> {
  await payouts.auth.businesses.create({ id: BUSINESS });
  await payouts.deposit({ businessId: BUSINESS, amount: 10_000_000, reference: 'opening-1' });
  await payouts.fund({ businessId: BUSINESS, amount: 9_000_000, reference: 'opening-2' });
  const users: Record<string, string> = {};
  for (let user = 1; user <= USERS; user++) {
    const email = `user-${user}@example.com`;
    const created = await payouts.create({ businessId: BUSINESS, email, amount: 50, reference: `opening-${email}` });
    if (!created.ok) throw new Error(`the payout user was not opened: ${JSON.stringify(created.error.body)}`);
    users[email] = created.value.payoutUser.id;
  }
  return users;
}

/** Does an operation. The second time it must get the first time's answer. */
export async function perform(payouts: Payouts, users: Users, { kind, key, amount, email }: Operation): Promise<Told> {
  const asked = { businessId: BUSINESS, amount, idempotencyKey: key };
  if (kind === 'withdraw') {
    const order = { ...asked, payoutUserId: users[email] ?? '', method: METHOD, destination: DESTINATION };
    const { ok, replayed, ...rest } = await payouts.withdrawals.withdraw(order);
    return { ok, replayed, id: 'value' in rest ? rest.value.id : null };
  }
  const money = { ...asked, reference: key };
  if (kind === 'create') {
    const { ok, replayed } = await payouts.create({ ...money, email });
    return { ok, replayed, id: null };
  }
  const { ok, replayed, ...rest } = await payouts[kind](money);
  return { ok, replayed, id: 'value' in rest ? rest.value.id : null };
}

/** What is measured, and what leaks by intent. */
import { createHmac } from 'node:crypto';
import { digest, type IssuedApiKey, type PayoutUserWithHash } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts } from '@bursar/payouts';
import { payoutApiPaths } from '@bursar/payouts/http';
import { connectProvider } from '../../examples/host/src/provider.js';
import { request } from '../../packages/payouts/test/requests.js';
import type { SetUp, TimedCase } from './measure.js';
import { plain, type Wrong, wrongHex, wrongKeys, wrongTokens } from './wrong.js';

const NOW = Date.UTC(2026, 0, 1);
const SECRET = 'a secret of the tests, 32 bytes.';
const OLD_FORM = /^old_[0-9A-Za-z]{40}$/;

/** What knows a secret, and that secret. */
interface Knowing {
  readonly right: string;
  run(input: unknown): unknown;
}

type KnowingPair = () => readonly [Knowing, Knowing] | Promise<readonly [Knowing, Knowing]>;

/** Wrong inputs of which half, and all but the last character, are right; against such of which nothing is. */
function byRightness(
  name: string,
  knowing: KnowingPair,
  length: number,
  wrong: Wrong,
  random: () => number,
): TimedCase[] {
  return (
    [
      ['half', length >> 1],
      ['all but one character', length - 1],
    ] as const
  ).map(([part, characters]) => ({
    name: `${name}, ${part} right or nothing`,
    async pair() {
      const [one, other] = await knowing();
      const setUp = ({ right, run }: Knowing): SetUp => ({ run, near: wrong(right, characters, random) });
      return [setUp(one), setUp(other)];
    },
  }));
}

/** A comparison that ends at the first wrong character: the measurement has to find it, or it finds nothing. */
export function plantedLeak(random: () => number): TimedCase {
  const knowing = (): Knowing => {
    const right = digest(String(random()));
    return {
      right,
      run(text) {
        const given = text as string;
        for (let index = 0; index < right.length; index++) if (right[index] !== given[index]) return false;
        return true;
      },
    };
  };
  const [, planted] = byRightness('a planted leak', () => [knowing(), knowing()], 64, wrongHex, random);
  return planted as TimedCase;
}

/** One server with the credentials of one business. */
interface Scene {
  readonly payouts: Payouts;
  readonly issue: (key?: object) => Promise<IssuedApiKey>;
  readonly open: (businessId?: string) => Promise<PayoutUserWithHash>;
}

async function scene(random: () => number): Promise<Scene> {
  const clock = { now: NOW };
  const now = () => clock.now++;
  const storage = memoryStorage({ now });
  const keyForms = [{ name: 'old', pattern: OLD_FORM, until: NOW + 1e9 }];
  const payouts = createPayouts({ storage, secret: SECRET, now, keyForms });
  const { businesses, apiKeys, payoutUsers } = payouts.auth;
  for (const id of ['biz_1', 'biz_2']) await businesses.create({ id });
  return {
    payouts,
    issue: (key = {}) => apiKeys.issue({ businessId: 'biz_1', name: 'key', ...key }),
    open: (businessId = 'biz_1') => payoutUsers.open({ businessId, email: `${random()}@example.com` }),
  };
}

/** What makes a credential, and gives it away. */
type Secret = (scene: Scene, random: () => number) => Promise<string>;
/** How one is tried. */
type Try = (scene: Scene) => (input: unknown) => unknown;

const key: Secret = async ({ issue }) => (await issue()).key;
const publishable: Secret = async ({ issue }) => (await issue({ kind: 'publishable' })).key;
const hash: Secret = async ({ open }) => (await open()).hash;
const imported: Secret = async ({ payouts }, random) => {
  const old = `old_${digest(String(random())).slice(0, 40)}`;
  await payouts.auth.apiKeys.import({ businessId: 'biz_1', name: 'old', digest: digest(old) });
  return old;
};
const revoked: Secret = async ({ issue, payouts }) => {
  const { key, apiKey } = await issue();
  await payouts.auth.apiKeys.revoke({ businessId: 'biz_1', id: apiKey.id });
  return key;
};
// The clock goes on with each look at it.
const expired: Secret = async ({ issue, payouts }) =>
  (await issue({ expiresAt: payouts.context.auth.context.now() + 2 })).key;
const closed: Secret = async ({ open, payouts }) => {
  const { hash, payoutUser } = await open();
  await payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: payoutUser.id, status: 'closed' });
  return hash;
};
const strangersId: Secret = async ({ open }) => (await open('biz_2')).payoutUser.id;

const verifyKey: Try =
  ({ payouts: { auth } }) =>
  (given) =>
    auth.verifyApiKey(given as string);
const verifyHash: Try =
  ({ payouts: { auth } }) =>
  (given) =>
    auth.verifyPayoutHash(given as string);
const guardKey: Try =
  ({ payouts: { auth } }) =>
  (given) =>
    auth.guard.apiKey(request({ headers: { authorization: `Bearer ${given}` } }));
const guardHash: Try =
  ({ payouts: { auth } }) =>
  (given) =>
    auth.guard.payoutHash(request({ headers: { 'x-payout-hash': given as string } }));

/** All that must not tell how right a wrong credential is, nor whose a payout user is. */
export function timedCases(random: () => number): readonly TimedCase[] {
  const knowing = (attempt: Try, secret: Secret): KnowingPair => {
    const one = async (): Promise<Knowing> => {
      const there = await scene(random);
      return { right: plain(await secret(there, random)), run: attempt(there) };
    };
    return async () => [await one(), await one()];
  };
  const wrong = (name: string, attempt: Try, secret: Secret, length: number, wrongOnes: Wrong) =>
    byRightness(name, knowing(attempt, secret), length, wrongOnes, random);
  return [
    ...wrong('API key', verifyKey, key, 32, wrongKeys),
    ...wrong('publishable key', verifyKey, publishable, 32, wrongKeys),
    ...wrong('imported key', verifyKey, imported, 40, wrongTokens),
    ...wrong('payout hash', verifyHash, hash, 64, wrongHex),
    ...wrong('guard, API key', guardKey, key, 32, wrongKeys),
    ...wrong('guard, payout hash', guardHash, hash, 64, wrongHex),
    ...webhookSignatures(random),
    payoutUserIds(random),
  ];
}

/**
 * What was good once, against what never was. A row is read of the one and none of the other, so there is a difference in
 * every storage: to whoever has all of the credential. What must not be is one that another server could see.
 */
export function deadCases(random: () => number): readonly TimedCase[] {
  const dead = (name: string, attempt: Try, secret: Secret): TimedCase => {
    const setUp = async (): Promise<SetUp> => {
      const there = await scene(random);
      return { near: [plain(await secret(there, random))], run: attempt(there) };
    };
    return { name: `${name} or unknown`, pair: async () => [await setUp(), await setUp()] };
  };
  return [
    dead('API key, revoked', verifyKey, revoked),
    dead('API key, expired', verifyKey, expired),
    dead('payout hash, of a closed user', verifyHash, closed),
    dead('guard, API key, revoked', guardKey, revoked),
    dead('guard, payout hash, of a closed user', guardHash, closed),
  ];
}

/** What a business asks for: the id of a payout user of another one, or of nobody. */
function payoutUserIds(random: () => number): TimedCase {
  const setUp = async (): Promise<SetUp> => {
    const there = await scene(random);
    const path = payoutApiPaths(there.payouts).find((each) => each.path === '/payout/users/:id');
    const headers = { authorization: `Bearer ${await key(there, random)}` };
    return {
      near: [plain(await strangersId(there, random))],
      run: (id) => path?.answer(request({ headers, params: { id: id as string } })),
    };
  };
  return {
    name: "id of another business's payout user or of nobody",
    pair: async () => [await setUp(), await setUp()],
  };
}

function webhookSignatures(random: () => number): readonly TimedCase[] {
  const rawBody = Buffer.from('{"id":"pay_1","status":"paid","business":"biz_1","key":"tr_1"}');
  const knowing = (): Knowing => {
    const webhookSecret = digest(String(random()));
    const provider = connectProvider({ origin: 'http://a', allowedHosts: ['a'], token: 't', webhookSecret });
    return {
      right: createHmac('sha256', webhookSecret).update(rawBody).digest('hex'),
      run: (signature) => provider.read({ rawBody, headers: { 'x-sandbox-signature': signature as string } }),
    };
  };
  return byRightness('signature of a webhook', () => [knowing(), knowing()], 64, wrongHex, random);
}

/** What is measured, and what leaks by intent. */
import { createHmac } from 'node:crypto';
import { createAuth, digest, type IssuedApiKey } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts } from '@bursar/payouts';
import { payoutApiPaths } from '@bursar/payouts/http';
import { connectProvider } from '../../examples/host/src/provider.js';
import { request } from '../../packages/payouts/test/requests.js';
import type { TimedCase } from './measure.js';
import { plain, type Wrong, wrongHex, wrongKeys, wrongTokens } from './wrong.js';

const NOW = Date.UTC(2026, 0, 1);
const SECRET = 'a secret of the tests, 32 bytes.';
const OLD_FORM = /^old_[0-9A-Za-z]{40}$/;

/** What knows a secret, and that secret. */
interface Knowing {
  readonly right: string;
  run(input: unknown): unknown;
}

/** Wrong inputs of which half, and all but the last character, are right; against such of which nothing is. */
function byRightness(
  name: string,
  knowing: readonly [Knowing, Knowing],
  length: number,
  wrong: Wrong,
  random: () => number,
) {
  return (
    [
      ['half', length >> 1],
      ['all but one character', length - 1],
    ] as const
  ).map(([part, characters]): TimedCase => {
    const setUp = ({ right, run }: Knowing) => ({ run, near: wrong(right, characters, random) });
    return { name: `${name}, ${part} right or nothing`, setUps: [setUp(knowing[0]), setUp(knowing[1])] };
  });
}

/** A comparison that ends at the first wrong character: the measurement has to find it, or it finds nothing. */
export function plantedLeak(random: () => number): TimedCase {
  const knowing = (right: string): Knowing => ({
    right,
    run(text) {
      const given = text as string;
      for (let index = 0; index < right.length; index++) if (right[index] !== given[index]) return false;
      return true;
    },
  });
  const [, planted] = byRightness(
    'a planted leak',
    [knowing(digest('one')), knowing(digest('two'))],
    64,
    wrongHex,
    random,
  );
  return planted as TimedCase;
}

/** One server with its credentials. */
interface Scene {
  readonly payouts: Payouts;
  readonly key: string;
  readonly publishable: string;
  readonly imported: string;
  readonly hash: string;
  readonly revoked: string;
  readonly expired: string;
  readonly closed: string;
  readonly outOfTime: string;
  /** Of another business. */
  readonly strangersId: string;
}

async function scene(which: number): Promise<Scene> {
  const clock = { now: NOW };
  const now = () => clock.now;
  const storage = memoryStorage({ now });
  const keyForms = [{ name: 'old', pattern: OLD_FORM, until: NOW + 1e9 }];
  const options = { storage, secret: SECRET, now, keyForms };
  const payouts = createPayouts(options);
  const { businesses, apiKeys, payoutUsers } = createAuth(options);
  for (const id of ['biz_1', 'biz_2']) await businesses.create({ id });
  const issue = (key: object = {}): Promise<IssuedApiKey> =>
    apiKeys.issue({ businessId: 'biz_1', name: 'key', ...key });
  const open = (name: string, businessId = 'biz_1') =>
    payoutUsers.open({ businessId, email: `${name}${which}@example.com` });
  const [revoked, expired] = [await issue(), await issue({ expiresAt: NOW + 1 })];
  await apiKeys.revoke({ businessId: 'biz_1', id: revoked.apiKey.id });
  const imported = `old_${digest(`old ${which}`).slice(0, 40)}`;
  await apiKeys.import({ businessId: 'biz_1', name: 'old', digest: digest(imported) });
  const [closed, late] = [await open('closed'), await open('late')];
  await payoutUsers.change({ businessId: 'biz_1', id: closed.payoutUser.id, status: 'closed' });
  await payoutUsers.change({ businessId: 'biz_1', id: late.payoutUser.id, expiresAt: NOW + 1 });
  clock.now = NOW + 2;
  return {
    payouts,
    key: (await issue()).key,
    publishable: (await issue({ kind: 'publishable' })).key,
    imported,
    hash: (await open('user')).hash,
    revoked: revoked.key,
    expired: expired.key,
    closed: closed.hash,
    outOfTime: late.hash,
    strangersId: (await open('stranger', 'biz_2')).payoutUser.id,
  };
}

/** A way to try a credential of a scene. */
type Try = (scene: Scene) => (input: unknown) => unknown;

const TRIES = {
  key:
    ({ payouts: { auth } }) =>
    (key) =>
      auth.verifyApiKey(key as string),
  hash:
    ({ payouts: { auth } }) =>
    (hash) =>
      auth.verifyPayoutHash(hash as string),
  keyGuard:
    ({ payouts: { auth } }) =>
    (key) =>
      auth.guard.apiKey(request({ headers: { authorization: `Bearer ${key}` } })),
  hashGuard:
    ({ payouts: { auth } }) =>
    (hash) =>
      auth.guard.payoutHash(request({ headers: { 'x-payout-hash': hash as string } })),
} as const satisfies Record<string, Try>;

/** All that must not tell how right a wrong credential is, or what became of one. */
export async function timedCases(random: () => number): Promise<readonly TimedCase[]> {
  const scenes = [await scene(1), await scene(2)] as const;
  const knowing = (attempt: Try, secretOf: (scene: Scene) => string) =>
    scenes.map((one): Knowing => ({ right: secretOf(one), run: attempt(one) })) as [Knowing, Knowing];
  const wrong = (name: string, attempt: Try, secretOf: (scene: Scene) => string, length: number, wrongOnes: Wrong) =>
    byRightness(name, knowing(attempt, secretOf), length, wrongOnes, random);
  const dead = (name: string, attempt: Try, secretOf: (scene: Scene) => string): TimedCase => {
    const [one, two] = knowing(attempt, secretOf);
    return {
      name: `${name} or unknown`,
      setUps: [
        { run: one.run, near: [plain(one.right)] },
        { run: two.run, near: [plain(two.right)] },
      ],
    };
  };
  return [
    ...wrong('API key', TRIES.key, ({ key }) => key, 32, wrongKeys),
    ...wrong('publishable key', TRIES.key, ({ publishable }) => publishable, 32, wrongKeys),
    ...wrong('imported key', TRIES.key, ({ imported }) => imported, 40, wrongTokens),
    ...wrong('payout hash', TRIES.hash, ({ hash }) => hash, 64, wrongHex),
    ...wrong('guard, API key', TRIES.keyGuard, ({ key }) => key, 32, wrongKeys),
    ...wrong('guard, payout hash', TRIES.hashGuard, ({ hash }) => hash, 64, wrongHex),
    ...webhookSignatures(random),
    dead('API key, revoked', TRIES.key, ({ revoked }) => revoked),
    dead('API key, expired', TRIES.key, ({ expired }) => expired),
    dead('payout hash, of a closed user', TRIES.hash, ({ closed }) => closed),
    dead('payout hash, of a user out of time', TRIES.hash, ({ outOfTime }) => outOfTime),
    dead('guard, API key, revoked', TRIES.keyGuard, ({ revoked }) => revoked),
    dead('guard, payout hash, of a closed user', TRIES.hashGuard, ({ closed }) => closed),
    dead("payout user, another business's", lookingUp, ({ strangersId }) => strangersId),
  ];
}

const lookingUp: Try = ({ payouts, key }) => {
  const path = payoutApiPaths(payouts).find((each) => each.path === '/payout/users/:id');
  const headers = { authorization: `Bearer ${key}` };
  return (id) => path?.answer(request({ headers, params: { id: id as string } }));
};

function webhookSignatures(random: () => number): readonly TimedCase[] {
  const rawBody = Buffer.from('{"id":"pay_1","status":"paid","business":"biz_1","key":"tr_1"}');
  const knowing = (webhookSecret: string): Knowing => {
    const provider = connectProvider({ origin: 'http://a', allowedHosts: ['a'], token: 't', webhookSecret });
    return {
      right: createHmac('sha256', webhookSecret).update(rawBody).digest('hex'),
      run: (signature) => provider.read({ rawBody, headers: { 'x-sandbox-signature': signature as string } }),
    };
  };
  return byRightness('signature of a webhook', [knowing('the one key'), knowing('another one')], 64, wrongHex, random);
}

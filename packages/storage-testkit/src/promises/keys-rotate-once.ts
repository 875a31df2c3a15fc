import type { ApiKeyRecord, BusinessRecord } from '@bursar/core/storage';
import type { BursarStorage } from '@bursar/payouts/storage';
import { expectEqual, expectRejection } from '../expect.js';
import { type BehaviourContext, behaviour, race, type StoragePromise } from '../promise.js';
import { atOnce } from '../scene.js';

const ONE_STEP = 'In one atomic step: the successor is kept, and the old key gets its end and `replacedBy`.';
const ONCE = 'Of two at the same time, one is `rotated` and the other `not_rotatable`.';
const EARLIER = 'When the old key stops working; an earlier expiry that it already has stays.';
const NOT_ROTATABLE = 'Revoked, expired, or rotated before.';
const NO_CHANGE = 'a method that cannot do its work throws, and then has changed nothing';

/** A key has at most one successor, and the two change together. */
export const keysRotateOnce: StoragePromise = {
  name: 'keys rotate once',
  behaviours: [
    behaviour('the successor is kept, and the old key gets its end', ONE_STEP, async (context) => {
      const { storage, samples, clock } = context;
      const { business, key } = await begin(context);
      const expiresAt = clock.now() + 60_000;
      const successor = samples.apiKey(business);
      const outcome = await rotate(context, key, successor, expiresAt);
      const rotated = { ...key, expiresAt, replacedBy: successor.id };
      expectEqual(outcome, { status: 'rotated', apiKey: rotated }, 'the answer: the rotated key, as it is now');
      const found = await storage.findApiKeys([key.digest, successor.digest]);
      const expected = [rotated, successor].map((apiKey) => ({ apiKey, business }));
      expectEqual(found, expected, 'both keys after the rotation');
      const third = samples.apiKey(business);
      const next = await rotate(context, successor, third, clock.now());
      expectEqual(next.status, 'rotated', 'the rotation of the successor, without overlap');
    }),

    behaviour('an earlier expiry stays', EARLIER, async (context) => {
      const { storage, samples, clock } = context;
      for (const [own, asked] of [
        [1000, 5000],
        [5000, 1000],
      ] as const) {
        const { business, key } = await begin(context, { expiresAt: clock.now() + own });
        await rotate(context, key, samples.apiKey(business), clock.now() + asked);
        const after = await storage.findApiKey(business.id, key.id);
        const what = `the end of a key that had ${own} ms left and was given ${asked}`;
        expectEqual(after?.expiresAt, clock.now() + 1000, what);
      }
    }),

    behaviour('a key that is revoked, expired or rotated is not rotated', NOT_ROTATABLE, async (context) => {
      const { storage, samples, clock } = context;
      const states: readonly Partial<ApiKeyRecord>[] = [
        { revokedAt: clock.now() - 1 },
        { expiresAt: clock.now() - 1 },
        { expiresAt: clock.now() },
        { replacedBy: 'another', expiresAt: clock.now() + 60_000 },
      ];
      for (const state of states) {
        const { business, key } = await begin(context, state);
        const successor = samples.apiKey(business);
        const outcome = await rotate(context, key, successor, clock.now() + 5000);
        expectEqual(outcome, { status: 'not_rotatable' }, `the rotation of a key with ${JSON.stringify(state)}`);
        const kept = {
          old: await storage.findApiKey(business.id, key.id),
          found: await storage.findApiKeys([successor.digest]),
        };
        expectEqual(kept, { old: key, found: [undefined] }, 'the keys after a rotation that was not done');
      }
      const { business, key } = await begin(context, { expiresAt: clock.now() + 1 });
      const outcome = await rotate(context, key, samples.apiKey(business), clock.now() + 5000);
      expectEqual(outcome.status, 'rotated', 'the rotation of a key one millisecond before it expires');
    }),

    behaviour(
      'a successor whose digest or id is taken is an error, and changes nothing',
      NO_CHANGE,
      async (context) => {
        const { storage, samples, clock } = context;
        const { business, key } = await begin(context);
        const other = samples.apiKey(business);
        await storage.insertApiKey(other);
        for (const taken of [{ digest: other.digest }, { id: other.id }]) {
          const successor = samples.apiKey(business, taken);
          await expectRejection(() => rotate(context, key, successor, clock.now()), 'a rotation to what is taken');
          expectEqual(await storage.findApiKey(business.id, key.id), key, 'the old key after a rotation that threw');
          const list = await storage.listApiKeys({ businessId: business.id, after: null, limit: 10 });
          expectEqual(list.length, 2, 'the number of keys after a rotation that threw');
        }
      },
    ),

    ...race('16 rotate one key', ONCE, async (context, connections) => {
      const { storage, samples, clock } = context;
      for (let round = 0; round < 4; round++) {
        const { business, key } = await begin(context);
        const successors = Array.from({ length: 16 }, () => samples.apiKey(business));
        const outcomes = await atOnce(successors, async (successor, index) =>
          rotate(context, key, successor, clock.now() + index, connections[index % 2]),
        );
        const winners = successors.filter((_, index) => outcomes[index]?.status === 'rotated');
        expectEqual(winners.length, 1, 'of 16 who rotate one key, one does');
        const old = await storage.findApiKey(business.id, key.id);
        expectEqual(old?.replacedBy, winners[0]?.id, 'the successor that the old key names');
        const list = await storage.listApiKeys({ businessId: business.id, after: null, limit: 100 });
        expectEqual(list.length, 2, 'the number of keys: the old one and one successor');
      }
    }),
  ],
};

async function begin({ storage, samples }: BehaviourContext, over: Partial<ApiKeyRecord> = {}) {
  const business: BusinessRecord = await storage.createBusiness(samples.business());
  const key = samples.apiKey(business, over);
  await storage.insertApiKey(key);
  return { business, key };
}

async function rotate(
  context: BehaviourContext,
  { businessId, id }: ApiKeyRecord,
  successor: ApiKeyRecord,
  expiresAt: number,
  connection: BursarStorage = context.storage,
) {
  return connection.rotateApiKey({ businessId, id, successor, expiresAt, now: context.clock.now() });
}

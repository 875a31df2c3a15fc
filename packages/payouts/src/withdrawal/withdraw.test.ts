import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { SandboxProvider } from '../../test/sandbox-provider.js';
import { START, withdrawalScene } from '../../test/withdrawal-scene.js';
import type { ReviewedWithdrawal } from './settings.js';

const KEY = { idempotencyKey: 'k' };
const fieldsOf = (outcome: unknown) => (outcome as { error: { status: number; body: unknown } }).error;

describe('the fields of a withdrawal', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['an amount of 0', { amount: 0 }, { amount: ['The amount must be at least 1.'] }],
    ['a negative amount', { amount: -5 }, { amount: ['The amount must be at least 1.'] }],
    ['a float', { amount: 10.5 }, { amount: ['The amount must be an integer.'] }],
    ['a text for an amount', { amount: '10' }, { amount: ['The amount must be an integer.'] }],
    ['no amount', { amount: undefined }, { amount: ['The amount field is required.'] }],
    ['an unknown method', { method: 'cheque' }, { method: ['The method is not available.'] }],
    ['a method by a name that every object has', { method: 'toString' }, { method: ['The method is not available.'] }],
    ['no method', { method: null }, { method: ['The method field is required.'] }],
    ['a number for a method', { method: 5 }, { method: ['The method must be a string.'] }],
    ['no destination', { destination: undefined }, { destination: ['The destination field is required.'] }],
    ['a list for a destination', { destination: [] }, { destination: ['The destination must be an object.'] }],
    [
      'an empty destination',
      { destination: {} },
      { 'destination.email': ['The destination.email field is required.'] },
    ],
    [
      'a destination that the schema refuses',
      { destination: { email: 'nobody' } },
      { 'destination.email': ['The destination.email must be an email address.'] },
    ],
    [
      'a destination with a field that nobody knows',
      { destination: { email: 'a@b.cd', bcc: 'x@b.cd' } },
      { 'destination.bcc': ['The destination.bcc field is not known.'] },
    ],
    [
      'a destination with a member called __proto__',
      { destination: JSON.parse('{"email":"a@b.cd","__proto__":{"x":1}}') },
      { 'destination.__proto__': ['The destination.__proto__ field is not known.'] },
    ],
    [
      'a destination that is too long',
      { destination: { email: `${'x'.repeat(5000)}@b.cd` } },
      { destination: ['The destination is too long.'] },
    ],
    ['a field that nobody knows', { fee: 0 }, { fee: ['The fee field is not known.'] }],
  ])('are refused with what is wrong, and nothing is reserved: %s', async (_case, over, body) => {
    const scene = await withdrawalScene();
    const { amount = 100, ...more } = { amount: 100, ...over };
    const given = Object.hasOwn(over, 'amount') ? over.amount : amount;
    const refused = await scene.ask(given, { ...more, ...KEY });
    expect(fieldsOf(refused)).toMatchObject({ status: 422, body });
    expect(await scene.money()).toMatchObject({ balance: 10_000, pending: 0 });
    // A refusal of the form is not kept: the key is still free.
    expect(await scene.ask(100, KEY)).toMatchObject({ ok: true, replayed: false });
  });

  it('keep to the bounds of the method, exactly', async () => {
    const provider = new SandboxProvider(() => START);
    const scene = await withdrawalScene({ methods: [provider.method({ minimum: 50, maximum: 60 })] });
    expect(fieldsOf(await scene.ask(49)).body).toEqual({ amount: ['The amount must be at least 50.'] });
    expect(fieldsOf(await scene.ask(61)).body).toEqual({ amount: ['The amount may not be greater than 60.'] });
    expect([await scene.ask(50), await scene.ask(60)]).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it.each([{ enabled: false }, { currencies: ['EUR'] }])(
    'name no method that is not open to them: %j',
    async (over) => {
      const provider = new SandboxProvider(() => START);
      const scene = await withdrawalScene({ methods: [provider.method(over)] });
      expect(fieldsOf(await scene.ask(100)).body).toEqual({ method: ['The method is not available.'] });
    },
  );
});

describe('a withdrawal that the balance does not cover', () => {
  it('is refused, the fee included, and the refusal is kept for its key', async () => {
    const provider = new SandboxProvider(() => START);
    const scene = await withdrawalScene({ provider, methods: [provider.method({ fee: 1 })] });
    const refusal = { ok: false, error: { status: 400, body: { error: 'Insufficient balance' } } };
    expect(await scene.ask(10_000, KEY)).toMatchObject({ ...refusal, replayed: false });
    await scene.payouts.create({ businessId: 'biz_1', email: 'ann@example.com', amount: 500 });
    expect(await scene.ask(10_000, KEY)).toMatchObject({ ...refusal, replayed: true });
    expect(await scene.ask(10_499)).toMatchObject({ ok: true });
    expect(await scene.ask(1)).toMatchObject(refusal);
    expect(provider.sends).toEqual([]);
  });
});

describe('a request for a withdrawal that is repeated', () => {
  it('answers with the withdrawal as it stands by then', async () => {
    const scene = await withdrawalScene();
    const first = await scene.ask(100, KEY);
    expect(first).toMatchObject({ ok: true, replayed: false, value: { status: 'queued' } });
    await scene.later(0);
    const again = await scene.ask(100, KEY);
    expect(again).toMatchObject({ ok: true, replayed: true, value: { status: 'succeeded', version: 2 } });
    expect(await scene.money()).toMatchObject({ balance: 9900 });
    expect(scene.provider.sends).toHaveLength(1);
  });

  it.each([{ amount: 101 }, { destination: { email: 'bob@example.com' } }, { method: 'other' }])(
    'with another body is refused: %j',
    async (over) => {
      const scene = await withdrawalScene();
      await scene.order(100, KEY);
      const { amount = 100, ...more } = over as { amount?: number };
      expect(fieldsOf(await scene.ask(amount, { ...KEY, ...more }))).toMatchObject({
        status: 422,
        body: { error: 'Idempotency key reused' },
      });
      expect(await scene.money()).toMatchObject({ pending: 100 });
    },
  );

  it('does not mind in which order its destination has its fields, nor what became of the method', async () => {
    const scene = await withdrawalScene();
    const { id } = await scene.order(100, KEY);
    const order = { businessId: 'biz_1', payoutUserId: scene.payoutUserId, method: 'card', amount: 100, ...KEY };
    const destination = { email: 'ann@example.com' };
    for (const methods of [
      [],
      [scene.provider.method({ enabled: false })],
      [scene.provider.method({ minimum: 5000 })],
    ]) {
      const again = await scene.engine({ methods }).withdrawals.withdraw({ ...order, destination });
      expect(again).toMatchObject({ ok: true, replayed: true, value: { id } });
    }
  });

  it('is one of its own payout user: the same key of another is another request', async () => {
    const scene = await withdrawalScene();
    const other = await scene.payouts.create({ businessId: 'biz_1', email: 'bob@example.com', amount: 500 });
    if (!other.ok) throw new Error('not opened');
    const first = await scene.order(100, KEY);
    const second = await scene.ask(100, { ...KEY, payoutUserId: other.value.payoutUser.id });
    expect(second).toMatchObject({ ok: true, replayed: false });
    expect(second.ok && second.value.id).not.toBe(first.id);
  });

  it.each(['', 'x'.repeat(256), 'a\nb'])('cannot have the key %j', async (idempotencyKey) => {
    const scene = await withdrawalScene();
    expect(fieldsOf(await scene.ask(100, { idempotencyKey }))).toMatchObject({ status: 400 });
  });
});

describe('what may have changed since the guard looked', () => {
  it('is checked again in the same step: payouts off', async () => {
    const scene = await withdrawalScene();
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', false);
    expect(fieldsOf(await scene.ask(100, KEY))).toMatchObject({ status: 403 });
    await scene.payouts.auth.businesses.setPayoutsEnabled('biz_1', true);
    expect(await scene.ask(100, KEY)).toMatchObject({ ok: true, replayed: false });
  });

  it.each(['inactive', 'closed'] as const)(
    'is checked again in the same step: the payout user is %s',
    async (status) => {
      const scene = await withdrawalScene();
      await scene.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: scene.payoutUserId, status });
      expect(fieldsOf(await scene.ask(100))).toMatchObject({ status: 401 });
    },
  );

  it('is checked again in the same step: the hash has expired, by the clock of storage', async () => {
    const scene = await withdrawalScene();
    const expiresAt = scene.clock.now + 1000;
    await scene.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id: scene.payoutUserId, expiresAt });
    expect(await scene.ask(100)).toMatchObject({ ok: true });
    scene.clock.now += 1000;
    expect(fieldsOf(await scene.ask(100))).toMatchObject({ status: 401 });
  });

  it('holds for a payout user that does not exist', async () => {
    const scene = await withdrawalScene();
    expect(fieldsOf(await scene.ask(100, { payoutUserId: 'usr_none' }))).toMatchObject({ status: 401 });
  });
});

describe('the rules of a business', () => {
  it('hold money back until the account is old enough, to the second', async () => {
    const scene = await withdrawalScene({ withdrawals: { holdSeconds: 7200 } });
    expect(fieldsOf(await scene.ask(100, KEY))).toMatchObject({
      status: 422,
      body: { amount: ['The amount may be withdrawn 2 hours after the first payout.'] },
    });
    scene.clock.now += 7_199_999;
    expect(await scene.ask(100, KEY)).toMatchObject({ ok: false });
    scene.clock.now += 1;
    expect(await scene.ask(100, KEY)).toMatchObject({ ok: true, replayed: false });
  });

  it('limit what is withdrawn in a time, without fees, and forget what failed', async () => {
    const provider = new SandboxProvider(() => START);
    const limit = { seconds: 86_400, amount: 1000 };
    const scene = await withdrawalScene({ provider, methods: [provider.method({ fee: 9 })], withdrawals: { limit } });
    await scene.order(600);
    const refused = await scene.ask(401);
    expect(fieldsOf(refused).body).toEqual({ amount: ['The amount would bring the withdrawals of 1 day above 1000.'] });
    provider.script.push('sent', 'refused');
    await scene.later(0);
    await scene.order(400);
    expect(await scene.ask(1)).toMatchObject({ ok: false });
    await scene.later(0);
    expect(await scene.ask(400)).toMatchObject({ ok: true });
    scene.clock.now += 86_400_000;
    expect(await scene.ask(1000)).toMatchObject({ ok: true });
  });

  it('hold however many ask at once', async () => {
    const scene = await withdrawalScene({ withdrawals: { limit: { seconds: 60, amount: 30 } } });
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => scene.ask(10)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3);
  });

  it('may be those of one business', async () => {
    const rulesOf = (id: string) => (id === 'biz_1' ? { limit: { seconds: 60, amount: 5 } } : {});
    const scene = await withdrawalScene({ withdrawals: { rulesOf } });
    expect([await scene.ask(6), await scene.ask(5)]).toMatchObject([{ ok: false }, { ok: true }]);
  });
});

describe('the review', () => {
  it('sees the order in clear, before anything is reserved, and once a key', async () => {
    const seen: ReviewedWithdrawal[] = [];
    const scene = await withdrawalScene({
      withdrawals: {
        review: (withdrawal) => {
          seen.push(withdrawal);
          return 'allow';
        },
      },
    });
    await scene.order(100, KEY);
    await scene.order(100, KEY);
    expect(seen).toEqual([
      {
        businessId: 'biz_1',
        payoutUserId: scene.payoutUserId,
        method: 'card',
        amount: 100,
        fee: 0,
        currency: 'USD',
        destination: { email: 'ann@example.com' },
      },
    ]);
  });

  it('can have it wait for the business', async () => {
    const review = () => ({ decision: 'review', reason: 'New device.' }) as const;
    const scene = await withdrawalScene({ withdrawals: { review } });
    expect(await scene.order(100)).toMatchObject({ status: 'review', reason: 'New device.' });
    expect(await scene.later(1_000_000)).toBe(0);
    expect(await scene.money()).toMatchObject({ pending: 100 });
  });

  it('can refuse it, with words for the field that is to blame, and that is not kept', async () => {
    let verdict: unknown = 'refuse';
    const scene = await withdrawalScene({ withdrawals: { review: async () => verdict as 'refuse' } });
    expect(fieldsOf(await scene.ask(100, KEY))).toMatchObject({
      status: 422,
      body: { amount: ['The withdrawal was refused.'] },
    });
    verdict = { decision: 'refuse', reason: 'This address is on a list.', field: 'destination' };
    expect(fieldsOf(await scene.ask(100, KEY)).body).toEqual({ destination: ['This address is on a list.'] });
    verdict = 'allow';
    expect(await scene.ask(100, KEY)).toMatchObject({ ok: true, replayed: false });
  });

  it.each([undefined, null, true, 'yes', {}, { decision: 'maybe' }, { decision: 'refuse', field: 'method' }])(
    'that decides nothing reserves nothing: %j',
    async (verdict) => {
      const scene = await withdrawalScene({ withdrawals: { review: () => verdict as never } });
      await expect(scene.ask(100)).rejects.toThrow(/^withdrawals.review must answer/);
      expect(await scene.money()).toMatchObject({ pending: 0 });
    },
  );
});

describe('a mask', () => {
  it.each(['', 'x'.repeat(256), 7, 'a\nb'])('that is no text for people reserves nothing: %j', async (hint) => {
    const provider = new SandboxProvider(() => START);
    const scene = await withdrawalScene({ methods: [provider.method({ mask: () => hint as string })] });
    await expect(scene.ask(100)).rejects.toThrow(/^mask of the payout method "card"/);
    expect(await scene.money()).toMatchObject({ pending: 0 });
  });
});

describe('a storage that is away', () => {
  it('says so, and the request can be sent again', async () => {
    const storage = memoryStorage();
    let away = false;
    const scene = await withdrawalScene({
      storage: {
        ...storage,
        applyTransfers: (items) => {
          const answer = storage.applyTransfers(items);
          if (away) throw new Error('the connection was lost');
          return answer;
        },
      },
    });
    away = true;
    await expect(scene.ask(100, KEY)).rejects.toMatchObject({ code: 'service_unavailable', status: 503 });
    away = false;
    expect(await scene.ask(100, KEY)).toMatchObject({ ok: true, replayed: true });
    expect(await scene.money()).toMatchObject({ pending: 100 });
  });
});

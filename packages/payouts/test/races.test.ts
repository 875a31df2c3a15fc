/** What happens when many ask for the same at once, on a storage that answers each call later. */
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import type { ApiAnswer } from '../src/http/index.js';
import { later, type Scene, scene } from './scene.js';

const ANN = 'ann@example.com';
const RACERS = 64;

/** Two processes on one storage; every other request goes to the second. */
async function processes(endowment: number) {
  const storage = later(memoryStorage());
  const one = await scene({ storage });
  const two = await scene({ storage });
  await one.endow(endowment);
  const race = (ask: (racer: Scene, index: number) => Promise<ApiAnswer>): Promise<ApiAnswer[]> =>
    Promise.all(Array.from({ length: RACERS }, (_, index) => ask(index % 2 === 0 ? one : two, index)));
  return { one, two, race };
}

const hashOf = ({ body }: ApiAnswer): string => (body as { hash: string }).hash;
const isReplayed = ({ headers }: ApiAnswer): boolean => headers['idempotency-replayed'] === 'true';

describe('64 creates of one new address at once', () => {
  it('open one user, who gets the sum of them', async () => {
    const { one, race } = await processes(10_000);
    const answers = await race(({ send }, index) => {
      const json = { email: index % 3 === 0 ? ` ${ANN.toUpperCase()}` : ANN, amount: index + 1 };
      return send('POST /payout/create', { json });
    });
    expect(answers.map(({ status }) => status)).toEqual(Array(RACERS).fill(200));
    expect(new Set(answers.map(hashOf)).size).toBe(1);
    expect(answers.some(isReplayed)).toBe(false);

    const sum = (RACERS * (RACERS + 1)) / 2;
    const users = (await one.send('GET /payout/users')).body as { items: unknown[] };
    expect(users.items).toMatchObject([{ balance: sum }]);
    expect(users.items).toHaveLength(1);
    expect(await one.balances()).toEqual([0, 10_000 - sum]);
    const hash = hashOf(answers[0] as ApiAnswer);
    const history = (await one.send('GET /payout/operations?limit=100', { hash })).body as { items: unknown[] };
    expect(history.items).toHaveLength(RACERS);
  });

  it('give no more than is there: exactly what it covers succeeds', async () => {
    const { one, race } = await processes(100);
    const answers = await race(({ send }) => send('POST /payout/create', { json: { email: ANN, amount: 10 } }));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 400)).toHaveLength(RACERS - 10);
    expect(await one.balances()).toEqual([0, 0]);
  });
});

describe('the same Idempotency-Key 64 times at once', () => {
  it('moves the money once, and one answer alone is the first', async () => {
    const { one, race } = await processes(10_000);
    const sent = { idempotencyKey: 'order-7', json: { email: ANN, amount: 100 } };
    const answers = await race(({ send }) => send('POST /payout/create', sent));
    expect(answers.map(({ status }) => status)).toEqual(Array(RACERS).fill(200));
    expect(new Set(answers.map(hashOf)).size).toBe(1);
    expect(answers.filter((answer) => !isReplayed(answer))).toHaveLength(1);
    expect(await one.balances()).toEqual([0, 9900]);
  });

  it('refuses once, and the others are told the same', async () => {
    const { race } = await processes(99);
    const sent = { idempotencyKey: 'order-7', json: { email: ANN, amount: 100 } };
    const answers = await race(({ send }) => send('POST /payout/create', sent));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toEqual(
      new Set(['{"error":"Insufficient payout balance"}']),
    );
    expect(answers.filter((answer) => !isReplayed(answer))).toHaveLength(1);
  });

  it('lets one of two requests win, and is a conflict for every copy of the other', async () => {
    const { one, race } = await processes(10_000);
    const answers = await race(({ send }, index) => {
      const json = { email: index % 4 < 2 ? ANN : 'bob@example.com', amount: 100 };
      return send('POST /payout/create', { idempotencyKey: 'order-7', json });
    });
    const half = RACERS / 2;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(half);
    const refused = answers.filter(({ status }) => status === 422);
    expect(refused).toHaveLength(half);
    for (const { body } of refused) expect(body).toMatchObject({ error: 'Idempotency key reused' });
    const users = (await one.send('GET /payout/users')).body as { items: unknown[] };
    expect(users.items).toHaveLength(1);
    expect(await one.balances()).toEqual([0, 9900]);
  });

  it('reissues once', async () => {
    const { one, race } = await processes(100);
    await one.send('POST /payout/create', { json: { email: ANN, amount: 100 } });
    const users = (await one.send('GET /payout/users')).body as { items: { id: string }[] };
    const path = `POST /payout/users/${users.items[0]?.id}/reissue`;
    const answers = await race(({ send }) => send(path, { idempotencyKey: 'leak' }));
    expect(new Set(answers.map(hashOf)).size).toBe(1);
    expect(answers.filter((answer) => !isReplayed(answer))).toHaveLength(1);
    expect(await one.send('GET /payout/users')).toMatchObject({ body: { items: [{ generation: 1 }] } });
  });
});

describe('64 fundings at once', () => {
  it('take no more from the balance than it has', async () => {
    const { one, race } = await processes(1);
    await one.payouts.deposit({ businessId: 'biz_1', amount: 100 });
    const answers = await race(({ send }) => send('POST /payout/fund', { json: { amount: 7 } }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(14);
    expect(await one.balances()).toEqual([2, 99]);
  });
});

describe('pages, while new ones land', () => {
  it('have each operation once', async () => {
    const { one, two } = await processes(10_000);
    const pay = (amount: number) => two.send('POST /payout/create', { json: { email: ANN, amount } });
    const hash = hashOf(await pay(1));
    for (let amount = 2; amount <= 20; amount++) await pay(amount);

    const seen: number[] = [];
    let target = 'GET /payout/operations?limit=3';
    for (let page = 0; target !== ''; page++) {
      const [read] = await Promise.all([one.send(target, { hash }), pay(100 + page), pay(200 + page)]);
      const { items, next_cursor } = read.body as { items: { amount: number }[]; next_cursor: string | null };
      seen.push(...items.map(({ amount }) => amount).filter((amount) => amount <= 20));
      target = next_cursor === null ? '' : `GET /payout/operations?limit=3&cursor=${next_cursor}`;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => 20 - index));
  });

  it('have each payout user once who was there at the start', async () => {
    const { one, two } = await processes(10_000);
    const open = (name: string) =>
      two.send('POST /payout/create', { json: { email: `${name}@example.com`, amount: 1 } });
    for (let index = 0; index < 12; index++) await open(`early-${index}`);

    const seen: string[] = [];
    let target = 'GET /payout/users?limit=5';
    for (let page = 0; target !== ''; page++) {
      const [read] = await Promise.all([one.send(target), open(`late-${page}`)]);
      const { items, next_cursor } = read.body as { items: { email: string }[]; next_cursor: string | null };
      seen.push(...items.map(({ email }) => email));
      target = next_cursor === null ? '' : `GET /payout/users?limit=5&cursor=${next_cursor}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((email) => email.startsWith('early-'))).toHaveLength(12);
  });
});

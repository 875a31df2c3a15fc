/** The wallet on the real API, without a page, in a time of its own. */
import { type Fetch, payoutUserClient } from '@bursar/client';
import { describe, expect, it } from 'vitest';
import { BUSINESS_ID, type Scene, scene } from '../test/scene.js';
import { type Session, sessionIn } from './session.js';
import type { WalletState } from './state.js';
import { Wallet } from './wallet.js';

type Step = (ask: () => Promise<Response>) => Promise<Response>;

const lost = (): Error => new TypeError('fetch failed');
const dropsBefore: Step = () => Promise.reject(lost());
const dropsAfter: Step = async (ask) => {
  await ask();
  throw lost();
};
const answers =
  (status: number, body: object): Step =>
  async () =>
    Response.json(body, { status });

class Tab {
  readonly asked: string[] = [];
  readonly keys: string[] = [];
  /** What becomes of the next orders. */
  readonly orders: Step[] = [];
  /** What becomes of the next other requests. */
  readonly looks: Step[] = [];
  readonly timers = new Map<number, { readonly ms: number; readonly run: () => void }>();
  readonly states: WalletState[] = [];
  readonly session: Session;
  isVisible = true;
  #made = 0;

  constructor(
    readonly made: Scene,
    readonly items = new Map<string, string>(),
  ) {
    const storage = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    };
    this.session = sessionIn(() => storage, '/v1');
  }

  readonly fetch: Fetch = async (url, { method, headers, body, signal }) => {
    this.asked.push(`${method} ${url.slice('https://api.example.com/v1'.length)}`);
    if (method === 'POST') this.keys.push(String(headers['idempotency-key']));
    const ask = async () =>
      this.made.app.request(url, { method, headers, signal, ...(body === undefined ? {} : { body }) });
    const step = (method === 'POST' ? this.orders : this.looks).shift();
    return step === undefined ? ask() : step(ask);
  };

  readonly wallet = new Wallet({
    clientOf: (payoutHash) =>
      payoutUserClient({ baseUrl: 'https://api.example.com/v1', payoutHash, fetch: this.fetch, maxRetries: 0 }),
    session: { read: () => this.session.read(), write: (kept) => this.session.write(kept) },
    language: () => 'en',
    newKey: () => `key-${++this.#made}`,
    after: (ms, run) => {
      const id = this.timers.size + Math.max(0, ...this.timers.keys()) + 1;
      this.timers.set(id, { ms, run });
      return () => void this.timers.delete(id);
    },
    isVisible: () => this.isVisible,
    onChange: (state) => void this.states.push(state),
  });

  get state(): WalletState {
    return this.wallet.state;
  }

  /** How long is waited for, now. */
  get waits(): number[] {
    return [...this.timers.values()].map(({ ms }) => ms);
  }

  /** Lets what is waited for come, and everything that it asks for. */
  async pass(until: (state: WalletState) => boolean = () => true): Promise<void> {
    const due = [...this.timers.values()];
    this.timers.clear();
    for (const { run } of due) run();
    await this.until(until);
  }

  /** Waits until nothing more changes and the state is as it should be. */
  async until(holds: (state: WalletState) => boolean): Promise<void> {
    for (let turns = 0; turns < 10_000; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (holds(this.state)) return;
    }
    throw new Error('it never came to that');
  }

  fill(amount = '25', email = 'ada@example.com'): void {
    this.wallet.choose('gift_card');
    this.wallet.type('amount', amount);
    this.wallet.type('destination.brand', 'books');
    this.wallet.type('destination.email', email);
  }
}

async function opened(): Promise<Tab> {
  const made = await scene();
  const tab = new Tab(made);
  await tab.wallet.open(made.hash);
  return tab;
}

describe('a wallet that is opened', () => {
  it('shows what there is', async () => {
    const { state, waits } = await opened();
    expect(state).toMatchObject({
      phase: 'ready',
      balance: { balance: 10_000, pending: 0, currency: 'USD' },
      methods: [{ id: 'gift_card' }, { id: 'crypto' }, { id: 'cheque' }],
      methodId: null,
      withdrawals: { items: [], nextCursor: null },
      operations: { items: [{ amount: 10_000, reference: 'June' }] },
    });
    // Nothing is under way, so nothing is waited for.
    expect(waits).toEqual([]);
  });

  it('is there again after a reload, and has no link in a tab that never had one', async () => {
    const { made, items } = await opened();
    const again = new Tab(made, items);
    await again.wallet.open(null);
    expect(again.state.phase).toBe('ready');
    const other = new Tab(made);
    await other.wallet.open(null);
    expect([other.state.phase, other.asked]).toEqual(['no_link', []]);
  });

  it('says that the link is over, and asks no more', async () => {
    const tab = await opened();
    await tab.made.payouts.auth.payoutUsers.reissue({
      businessId: BUSINESS_ID,
      id: tab.made.payoutUserId,
      expectedGeneration: 0,
    });
    await tab.wallet.wake();
    expect([tab.state.phase, tab.waits]).toEqual(['link_over', []]);
    const count = tab.asked.length;
    await tab.wallet.wake();
    expect(tab.asked.length).toBe(count);
  });

  it('says that payouts are off, and goes on when they are on', async () => {
    const tab = await opened();
    await tab.made.payouts.auth.businesses.setPayoutsEnabled(BUSINESS_ID, false);
    await tab.wallet.wake();
    expect(tab.state.phase).toBe('payouts_off');
    await tab.made.payouts.auth.businesses.setPayoutsEnabled(BUSINESS_ID, true);
    await tab.wallet.wake();
    expect(tab.state.phase).toBe('ready');
  });

  it('tries again, ever more slowly, while the server is away', async () => {
    const made = await scene();
    const tab = new Tab(made);
    const away: Step = async () => Promise.reject(lost());
    tab.looks.push(...Array.from({ length: 6 }, () => away));
    await tab.wallet.open(made.hash);
    expect(tab.state).toMatchObject({ phase: 'loading', reachable: false });
    expect(tab.waits).toEqual([3000]);
    await tab.pass(() => tab.waits.length > 0);
    expect(tab.waits).toEqual([4500]);
    await tab.pass(({ phase }) => phase === 'ready');
    expect(tab.state.reachable).toBe(true);
  });
});

describe('a withdrawal', () => {
  it('is made, and its form is empty afterwards', async () => {
    const tab = await opened();
    tab.fill();
    await tab.wallet.submit();
    expect(tab.state).toMatchObject({
      balance: { balance: 7475, pending: 2525 },
      order: null,
      ended: { made: { amount: 2500, fee: 25 } },
      typed: { gift_card: {} },
      withdrawals: { items: [{ status: 'queued' }] },
    });
    expect(tab.session.read()?.order).toBeNull();
  });

  it('is made once by a double click', async () => {
    const tab = await opened();
    tab.fill();
    await Promise.all([tab.wallet.submit(), tab.wallet.submit(), tab.wallet.submit()]);
    expect([tab.keys, await tab.made.count()]).toEqual([['"key-1"'], 1]);
  });

  it('that the server refuses says so at the field, and keeps what was typed', async () => {
    const tab = await opened();
    tab.wallet.choose('crypto');
    tab.wallet.type('amount', '10');
    tab.wallet.type('destination.address', 'wrong');
    await tab.wallet.submit();
    expect(tab.state).toMatchObject({
      problems: { 'destination.address': { text: 'The destination.address must have its checksum.' } },
      typed: { crypto: { amount: '10', 'destination.address': 'wrong' } },
      refusals: 1,
      order: null,
    });
    tab.wallet.type('destination.address', 'right');
    expect(tab.state.problems).toEqual({});
    await tab.wallet.submit();
    // Another form, another key.
    expect([tab.keys, await tab.made.count()]).toEqual([['"key-1"', '"key-2"'], 1]);
  });

  it('that the balance does not cover is refused at the amount', async () => {
    const tab = await opened();
    tab.fill('100');
    await tab.wallet.submit();
    expect(tab.state).toMatchObject({ problems: { amount: { key: 'notEnough' } }, order: null });
    expect(await tab.made.count()).toBe(0);
  });

  it('with a mistake that can be seen is not sent at all', async () => {
    const tab = await opened();
    tab.fill('4', '');
    await tab.wallet.submit();
    expect(Object.keys(tab.state.problems)).toEqual(['amount', 'destination.email']);
    expect(tab.keys).toEqual([]);
  });

  it('is refused plainly where the server has too much to do', async () => {
    const tab = await opened();
    tab.orders.push(answers(429, { error: 'Too many requests' }));
    tab.fill();
    await tab.wallet.submit();
    expect(tab.state).toMatchObject({ order: null, ended: { key: 'busy' }, typed: { gift_card: { amount: '25' } } });
  });
});

describe('a withdrawal whose answer was lost', () => {
  it.each([
    ['after it was made', dropsAfter],
    ['before it was made', dropsBefore],
    ['in a fault of the server', answers(500, { error: 'Internal server error' })],
  ])('%s is unknown, and then made once, by the same key', async (_, step) => {
    const tab = await opened();
    tab.orders.push(step, dropsBefore, answers(429, { error: 'Too many requests' }));
    tab.fill();
    await tab.wallet.submit();
    expect(tab.state).toMatchObject({ order: { stage: 'asking', order: { amount: 2500 } }, ended: null });
    for (const wait of [2000, 3000, 4500]) {
      expect(tab.waits).toContain(wait);
      await tab.pass(({ order }) => order === null || tab.waits.length > 0);
    }
    await tab.until(({ order }) => order === null);
    expect(tab.state.ended).toMatchObject({ made: { amount: 2500 } });
    expect([new Set(tab.keys), await tab.made.count()]).toEqual([new Set(['"key-1"']), 1]);
  });

  it('takes no other order meanwhile', async () => {
    const tab = await opened();
    tab.orders.push(dropsAfter);
    tab.fill();
    await tab.wallet.submit();
    await tab.wallet.submit();
    expect(tab.keys).toEqual(['"key-1"']);
  });

  it('is found again after a reload', async () => {
    const tab = await opened();
    tab.orders.push(dropsAfter);
    tab.fill();
    await tab.wallet.submit();
    tab.wallet.close();
    const again = new Tab(tab.made, tab.items);
    await again.wallet.open(null);
    expect(again.state).toMatchObject({ order: null, ended: { made: { amount: 2500 } } });
    expect([again.keys, await tab.made.count()]).toEqual([['"key-1"'], 1]);
    expect(again.session.read()?.order).toBeNull();
  });

  it('is asked for again when a page is closed in the middle', async () => {
    const tab = await opened();
    tab.orders.push(async (ask) => {
      const answer = await ask();
      tab.wallet.close();
      return answer;
    });
    tab.fill();
    await tab.wallet.submit();
    expect(tab.session.read()?.order).toMatchObject({ idempotencyKey: 'key-1' });
    const again = new Tab(tab.made, tab.items);
    await again.wallet.open(tab.made.hash);
    expect([again.state.order, await tab.made.count()]).toEqual([null, 1]);
  });

  it('is never sent by the link of somebody else', async () => {
    const tab = await opened();
    tab.orders.push(dropsBefore);
    tab.fill();
    await tab.wallet.submit();
    const other = await tab.made.payouts.create({ businessId: BUSINESS_ID, email: 'bob@example.com', amount: 5000 });
    if (!other.ok) throw new Error('the payout user was not opened');
    await tab.wallet.open(other.value.hash);
    expect(tab.state).toMatchObject({ phase: 'ready', order: null, balance: { balance: 5000 } });
    expect([tab.keys.length, tab.session.read()?.order]).toEqual([1, null]);
  });

  it('stays unknown where the link is over by then', async () => {
    const tab = await opened();
    tab.orders.push(dropsAfter);
    tab.fill();
    await tab.wallet.submit();
    const { payoutUserId: id } = tab.made;
    await tab.made.payouts.auth.payoutUsers.change({ businessId: BUSINESS_ID, id, status: 'inactive' });
    await tab.pass(({ phase }) => phase === 'link_over');
    expect(tab.state).toMatchObject({ order: { stage: 'asking' }, ended: null });
    expect([tab.waits, tab.session.read()?.order]).toEqual([[], expect.objectContaining({ idempotencyKey: 'key-1' })]);
  });

  it('stays unknown while payouts are off', async () => {
    const tab = await opened();
    tab.orders.push(dropsAfter);
    tab.fill();
    await tab.wallet.submit();
    await tab.made.payouts.auth.businesses.setPayoutsEnabled(BUSINESS_ID, false);
    await tab.pass(({ phase }) => phase === 'payouts_off');
    expect(tab.state.order).toMatchObject({ stage: 'asking' });
    await tab.made.payouts.auth.businesses.setPayoutsEnabled(BUSINESS_ID, true);
    await tab.wallet.wake();
    expect(tab.state).toMatchObject({ phase: 'ready', order: null, ended: { made: { amount: 2500 } } });
  });

  it('is asked for at once when the network is back', async () => {
    const tab = await opened();
    tab.orders.push(dropsBefore);
    tab.fill();
    await tab.wallet.submit();
    await tab.wallet.wake();
    expect([tab.state.order, await tab.made.count()]).toEqual([null, 1]);
  });
});

describe('while a withdrawal is under way', () => {
  async function underWay(): Promise<Tab> {
    const tab = await opened();
    tab.fill();
    await tab.wallet.submit();
    return tab;
  }

  it('it is looked at ever more slowly, until it is over', async () => {
    const tab = await underWay();
    const waits: number[] = [];
    for (let looks = 0; looks < 3; looks++) {
      waits.push(...tab.waits);
      await tab.pass(() => tab.waits.length > 0);
    }
    expect(waits).toEqual([2000, 3000, 4500]);
    await tab.made.payouts.withdrawals.runDue();
    await tab.pass(({ changed }) => changed !== null);
    expect(tab.state).toMatchObject({
      changed: { status: 'succeeded' },
      withdrawals: { items: [{ status: 'succeeded' }] },
      balance: { balance: 7475, pending: 0 },
    });
    expect(tab.waits).toEqual([]);
  });

  it('nothing is asked for while nobody looks, and everything when somebody does', async () => {
    const tab = await underWay();
    const count = tab.asked.length;
    tab.isVisible = false;
    await tab.pass();
    await tab.wallet.wake();
    expect([tab.asked.length, tab.waits]).toEqual([count, []]);
    await tab.made.payouts.withdrawals.runDue();
    tab.isVisible = true;
    await tab.wallet.wake();
    expect(tab.state).toMatchObject({ withdrawals: { items: [{ status: 'succeeded' }] } });
  });

  it('an older answer that comes late changes nothing', async () => {
    const tab = await underWay();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Step = async (ask) => {
      const answer = await ask();
      await held;
      return answer;
    };
    tab.looks.push(slow, slow);
    await tab.pass();
    await tab.made.payouts.withdrawals.runDue();
    await tab.wallet.wake();
    release();
    await tab.until(() => tab.looks.length === 0);
    expect(tab.state).toMatchObject({ withdrawals: { items: [{ status: 'succeeded' }] } });
  });
});

it('what is typed for a method stays with it', async () => {
  const tab = await opened();
  tab.fill('25');
  tab.wallet.choose('crypto');
  tab.wallet.type('amount', '10');
  tab.wallet.choose('gift_card');
  expect(tab.state.typed).toMatchObject({ gift_card: { amount: '25' }, crypto: { amount: '10' } });
});

it('the history goes on page by page, and keeps what came before', async () => {
  const made = await scene();
  for (let count = 0; count < 55; count++) {
    await made.payouts.create({ businessId: BUSINESS_ID, email: 'ada@example.com', amount: 1 });
  }
  const tab = new Tab(made);
  await tab.wallet.open(made.hash);
  expect(tab.state.operations.items.length).toBe(50);
  await tab.wallet.more('operations');
  expect(tab.state.operations).toMatchObject({ nextCursor: null });
  expect(tab.state.operations.items.length).toBe(56);
});

it('a link that was cut off says so, and keeps nothing of the one before', async () => {
  const tab = await opened();
  tab.wallet.showBrokenLink();
  expect(tab.state).toMatchObject({ phase: 'bad_link', balance: null });
});

/**
 * Seeded fault runs: withdrawals on a storage and by a provider that fail, with processes that die, in an order that one
 * number decides. The same number is the same run.
 *
 * @module
 */
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, verifyLedger, type Withdrawal } from '../src/index.js';
import type { BursarStorage, WithdrawalRecord } from '../src/storage.js';
import { type Fault, type FaultyStorage, faultyStorage } from './faulty-storage.js';
import { ManualTimers } from './manual-timers.js';
import { type Behaviour, SandboxProvider } from './sandbox-provider.js';

/** What a run came to. */
export interface FaultRun {
  readonly seed: number;
  /** What happened, line by line. */
  readonly trace: readonly string[];
  /** What must not be; empty for a good run. */
  readonly problems: readonly string[];
}

const BIZ = 'biz_1' as WithdrawalRecord['businessId'];
const FUNDS = 5000;
const STEPS = 40;
const SECRET = '0123456789abcdef0123456789abcdef';
const FAULTS: readonly Fault[] = ['before', 'after', 'part', 'twice', 'late'];
const BEHAVIOURS: readonly Behaviour[] = [
  'sent',
  'pending',
  'refused',
  'unknown',
  'throw',
  'nonsense',
  'hang',
  'pay_then_throw',
  'pay_then_hang',
  'pay_then_nonsense',
];

/** Runs one seed. */
export async function faultRun(seed: number): Promise<FaultRun> {
  const world = new World(seed);
  await world.open();
  for (let step = 0; step < STEPS; step++) await world.step();
  await world.calmDown();
  return { seed, trace: world.trace, problems: await world.problems() };
}

/** Chance by a seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Process {
  readonly payouts: Payouts;
  readonly timers: ManualTimers;
  readonly faulty: FaultyStorage;
}

/** Something that a process is at. */
interface Begun {
  readonly process: Process;
  isDone: boolean;
  work: Promise<unknown>;
}

class World {
  readonly trace: string[] = [];
  readonly #random: () => number;
  readonly #storage: BursarStorage;
  readonly #provider: SandboxProvider;
  readonly #keys: { readonly key: string; readonly amount: number }[] = [];
  readonly #acknowledged = new Map<string, string>();
  #stuck: Begun | undefined;
  #real = Date.UTC(2026, 0, 1);
  #clockOff = 0;
  #isCalm = true;
  #payoutUserId = '';
  #process: Process;

  constructor(seed: number) {
    this.#random = chance(seed);
    this.#storage = memoryStorage({ now: () => this.#real + this.#clockOff });
    this.#provider = new SandboxProvider(() => this.#real);
    this.#process = this.#begin();
  }

  async open(): Promise<void> {
    const { payouts } = this.#process;
    await payouts.auth.businesses.create({ id: BIZ });
    await payouts.deposit({ businessId: BIZ, amount: FUNDS });
    await payouts.fund({ businessId: BIZ, amount: FUNDS });
    const created = await payouts.create({ businessId: BIZ, email: 'ann@example.com', amount: FUNDS });
    if (!created.ok) throw new Error('the payout user was not opened');
    this.#payoutUserId = created.value.payoutUser.id;
    this.#isCalm = false;
  }

  async step(): Promise<void> {
    const steps = [
      () => this.#withdraw(this.#newKey()),
      () => this.#withdraw(this.#newKey()),
      () => this.#withdraw(this.#pick(this.#keys) ?? this.#newKey()),
      () => this.#work('round', () => this.#process.payouts.withdrawals.runDue()),
      () => this.#work('round', () => this.#process.payouts.withdrawals.runDue()),
      () => this.#work('round', () => this.#process.payouts.withdrawals.runDue()),
      () => this.#passTime(),
      () => this.#passTime(),
      () => this.#webhook(),
      () => this.#operate(),
      () => this.#dieOrWake(),
      () => void this.#provider.script.push(this.#pick(BEHAVIOURS) ?? 'sent'),
    ];
    await this.#pick(steps)?.();
  }

  /** No fault any more: what can be settled without a person is. */
  async calmDown(): Promise<void> {
    this.#isCalm = true;
    this.#provider.script.length = 0;
    this.#stuck?.process.timers.advance(30_000);
    await this.#stuck?.work;
    this.#process = this.#begin();
    for (let round = 0; round < 40; round++) {
      this.#real += 2 * 3_600_000;
      await this.#process.payouts.withdrawals.runDue();
    }
  }

  async problems(): Promise<string[]> {
    const found: string[] = [];
    const withdrawals = await this.#withdrawals();
    for (const { id, status } of withdrawals) {
      const paid = this.#provider.paid(id);
      if (paid > 1) found.push(`${id} was paid ${paid} times`);
      if (status === 'succeeded' && paid !== 1) found.push(`${id} succeeded, and was paid ${paid} times`);
      if (status === 'failed' && paid !== 0) found.push(`${id} failed, and was paid`);
      if (status === 'queued' || status === 'sending') found.push(`${id} is still ${status}`);
    }
    for (const id of this.#provider.payments.keys())
      if (!withdrawals.some((withdrawal) => withdrawal.id === id)) found.push(`${id} was paid and is not there`);
    if (new Set(this.#acknowledged.values()).size !== this.#acknowledged.size)
      found.push('two keys share a withdrawal');
    for (const [key, id] of this.#acknowledged)
      if (!withdrawals.some((withdrawal) => withdrawal.id === id)) found.push(`the withdrawal of ${key} is lost`);
    if (withdrawals.length > this.#keys.length) found.push('there are more withdrawals than were asked for');
    return [...found, ...(await this.#wrongSums(withdrawals))];
  }

  async #wrongSums(withdrawals: readonly WithdrawalRecord[]): Promise<string[]> {
    const found: string[] = [];
    const sum = (...statuses: string[]): number =>
      withdrawals
        .filter(({ status }) => statuses.includes(status))
        .reduce((total, { amount, fee }) => total + amount + fee, 0);
    const pending = sum('review', 'queued', 'sending', 'processing', 'unknown');
    const balance = await this.#process.payouts.payoutUserBalance({
      businessId: BIZ,
      payoutUserId: this.#payoutUserId,
    });
    if (balance.pending !== pending) found.push(`${balance.pending} are reserved where ${pending} should be`);
    const left = FUNDS - pending - sum('succeeded');
    if (balance.balance !== left) found.push(`the balance is ${balance.balance} where ${left} should be`);
    const report = await verifyLedger(this.#storage);
    if (!report.ok) found.push(`the books are wrong: ${JSON.stringify(report)}`);
    return found;
  }

  #begin(): Process {
    const timers = new ManualTimers(5000);
    const faulty = faultyStorage(this.#storage, (method) => {
      if (this.#isCalm || this.#random() > 0.15) return 'none';
      const fault = this.#pick(FAULTS) ?? 'none';
      this.trace.push(`  ${method}: ${fault}`);
      return fault;
    });
    const payouts = createPayouts({
      secret: SECRET,
      storage: faulty.storage,
      now: () => this.#real,
      onError: (error) => this.trace.push(`  ! ${error instanceof Error ? error.message : String(error)}`),
      methods: [this.#provider.method({ fee: 3 })],
      withdrawals: { random: this.#random, schedule: timers.schedule, concurrency: 1 },
    });
    return { payouts, timers, faulty };
  }

  #newKey() {
    const order = { key: `key-${this.#keys.length}`, amount: 1 + Math.floor(this.#random() * 900) };
    this.#keys.push(order);
    return order;
  }

  async #withdraw({ key, amount }: { readonly key: string; readonly amount: number }): Promise<void> {
    const destination = { email: 'ann@example.com' };
    const order = { businessId: BIZ, payoutUserId: this.#payoutUserId, method: 'card', amount, destination };
    await this.#work(`withdraw ${key} ${amount}`, async () => {
      const outcome = await this.#process.payouts.withdrawals.withdraw({ ...order, idempotencyKey: key });
      if (!outcome.ok) return outcome.error.code;
      const known = this.#acknowledged.get(key);
      if (known !== undefined && known !== outcome.value.id) throw new Error(`${key} has two withdrawals`);
      this.#acknowledged.set(key, outcome.value.id);
      return outcome.value.status;
    });
  }

  /** Does something in the present process, whatever comes of it; leaves it behind, at times, where the provider hangs. */
  async #work(what: string, run: () => Promise<unknown>): Promise<void> {
    this.trace.push(what);
    const begun: Begun = { process: this.#process, isDone: false, work: Promise.resolve() };
    begun.work = run()
      .then(
        (answer) => this.trace.push(`  = ${String(answer)}`),
        (error: unknown) => this.trace.push(`  ! ${String(error)}`),
      )
      .finally(() => {
        begun.isDone = true;
      });
    if (await this.#finish(begun, this.#stuck === undefined ? 0.4 : 0)) return;
    this.trace.push('  left hanging');
    this.#stuck = begun;
    this.#process = this.#begin();
  }

  /** Goes on until it is done, over every call that hangs until its time is up; or leaves it at one of those. */
  async #finish(begun: Begun, leaves: number): Promise<boolean> {
    for (let hanging = this.#provider.hanging; ; hanging = this.#provider.hanging) {
      while (!begun.isDone && this.#provider.hanging === hanging) await new Promise((turn) => setImmediate(turn));
      if (begun.isDone) return true;
      if (this.#random() < leaves) return false;
      begun.process.timers.advance(30_000);
    }
  }

  #passTime(): void {
    const seconds = this.#pick([1, 5, 60, 100, 1000, 20_000, 90_000]) ?? 1;
    this.#real += seconds * 1000;
    const jumpsBack = this.#random() < 0.1 && this.#clockOff > -4 * 3_600_000;
    if (jumpsBack) this.#clockOff -= 1_800_000;
    this.trace.push(`${seconds} s pass${jumpsBack ? ', and the clock is set back half an hour' : ''}`);
  }

  async #webhook(): Promise<void> {
    const [id, payment] = this.#pick([...this.#provider.payments]) ?? [];
    if (id === undefined || payment === undefined) return;
    if (payment.state === 'pending' && this.#random() < 0.5) {
      payment.state = this.#random() < 0.5 ? 'sent' : 'refused';
      if (payment.state === 'refused') payment.times = 0;
    }
    // At times an old one, that was overtaken.
    const status = this.#random() < 0.2 && payment.state === 'sent' ? 'pending' : payment.state;
    const webhook = this.#provider.webhook([
      { businessId: BIZ, withdrawalId: id, status, reference: payment.reference },
    ]);
    await this.#work(`webhook ${id} ${status}`, async () => {
      const outcome = await this.#process.payouts.withdrawals.webhook('card', webhook);
      return outcome.ok ? outcome.withdrawals.map((withdrawal: Withdrawal) => withdrawal.status).join() : 'refused';
    });
  }

  /** An operator who looks at the provider's own books before saying anything. */
  async #operate(): Promise<void> {
    const open = (await this.#withdrawals()).filter(({ status }) => status === 'unknown' || status === 'processing');
    const { id } = this.#pick(open) ?? {};
    if (id === undefined) return;
    const state = this.#provider.payments.get(id)?.state;
    const { withdrawals } = this.#process.payouts;
    const named = { businessId: BIZ, id };
    const settle = { ...named, actor: 'op', reason: `The provider's books say ${state}.` };
    await this.#work(`operator ${id} ${state}`, async () => {
      const outcome =
        state === 'sent'
          ? await withdrawals.settle(settle)
          : state === 'refused'
            ? await withdrawals.fail(settle)
            : await withdrawals.check(named);
      return outcome?.ok === true ? outcome.value.status : JSON.stringify(outcome);
    });
  }

  async #dieOrWake(): Promise<void> {
    if (this.#stuck !== undefined && this.#random() < 0.7) {
      this.trace.push('what hung is answered');
      const stuck = this.#stuck;
      this.#stuck = undefined;
      this.#provider.answerHanging();
      await this.#finish(stuck, 0);
      return;
    }
    this.trace.push('the process dies');
    this.#process.faulty.kill();
    this.#process = this.#begin();
  }

  async #withdrawals(): Promise<readonly WithdrawalRecord[]> {
    const filters = { payoutUserId: null, status: null, method: null, exportId: null };
    return this.#storage.listWithdrawals({ businessId: BIZ, ...filters, before: null, limit: 1000 });
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#random() * items.length)];
  }
}

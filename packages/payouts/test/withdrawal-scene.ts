import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Outcome, type Payouts, type PayoutsOptions, type Withdrawal } from '../src/index.js';
import type { BursarStorage, WithdrawalRecord } from '../src/storage.js';
import { ManualTimers } from './manual-timers.js';
import { SandboxProvider } from './sandbox-provider.js';

export const START = Date.UTC(2026, 0, 1);
const SECRET = '0123456789abcdef0123456789abcdef';
const BIZ = 'biz_1';

/** Payouts with one payout user who has money, a provider, and a clock and timers that the test moves. */
export interface WithdrawalScene {
  readonly payouts: Payouts;
  readonly storage: BursarStorage;
  readonly clock: { now: number };
  readonly timers: ManualTimers;
  readonly provider: SandboxProvider;
  readonly errors: unknown[];
  readonly payoutUserId: string;
  readonly hash: string;
  /** Asks for a withdrawal by the method `card`, and expects it to be taken. */
  order(amount: number, over?: Record<string, unknown>): Promise<Withdrawal>;
  ask(amount: unknown, over?: Record<string, unknown>): Promise<Outcome<Withdrawal>>;
  /** The record as storage has it. */
  record(id: string): Promise<WithdrawalRecord>;
  /** Lets storage's clock go on, and works on what is due by then. */
  later(seconds: number): Promise<number>;
  /** What the payout user can spend, what is reserved, what was paid out and what was kept as fees. */
  money(): Promise<{ balance: number; pending: number; paidOut: number; fees: number }>;
  /** Another process on the same storage, with the same provider. */
  engine(over?: Partial<PayoutsOptions>): Payouts;
}

export async function withdrawalScene(
  options: Partial<PayoutsOptions> & { readonly funds?: number; readonly provider?: SandboxProvider } = {},
): Promise<WithdrawalScene> {
  const { funds = 10_000, ...over } = options;
  const clock = { now: START };
  const now = (): number => clock.now;
  const storage = over.storage ?? memoryStorage({ now });
  const timers = new ManualTimers();
  const provider = options.provider ?? new SandboxProvider(now);
  const errors: unknown[] = [];
  const engine = ({ withdrawals, ...more }: Partial<PayoutsOptions> = {}): Payouts =>
    createPayouts({
      secret: SECRET,
      now,
      onError: (error) => errors.push(error),
      methods: [provider.method()],
      storage,
      ...more,
      withdrawals: { random: () => 0, schedule: timers.schedule, ...withdrawals },
    });
  const payouts = engine(over);
  await payouts.auth.businesses.create({ id: BIZ });
  await payouts.deposit({ businessId: BIZ, amount: 1_000_000 });
  await payouts.fund({ businessId: BIZ, amount: 1_000_000 });
  const created = await payouts.create({ businessId: BIZ, email: 'ann@example.com', amount: funds });
  if (!created.ok) throw new Error('the payout user was not opened');
  const { payoutUser, hash } = created.value;
  const scene: WithdrawalScene = {
    payouts,
    storage,
    clock,
    timers,
    provider,
    errors,
    payoutUserId: payoutUser.id,
    hash,
    engine,
    async order(amount, order) {
      const outcome = await scene.ask(amount, order);
      if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.error.body)}`);
      return outcome.value;
    },
    ask: (amount, order) =>
      payouts.withdrawals.withdraw({
        businessId: BIZ,
        payoutUserId: payoutUser.id,
        method: 'card',
        amount: amount as number,
        destination: { email: 'ann@example.com' },
        ...order,
      }),
    async record(id) {
      const [found] = await storage.findWithdrawals([{ businessId: BIZ as WithdrawalRecord['businessId'], id }]);
      if (found === undefined) throw new Error(`there is no withdrawal ${id}`);
      return found;
    },
    later(seconds) {
      clock.now += seconds * 1000;
      return payouts.withdrawals.runDue();
    },
    async money() {
      const businessId = BIZ as WithdrawalRecord['businessId'];
      const { balance, pending } = await payouts.payoutUserBalance({ businessId, payoutUserId: payoutUser.id });
      const ids = ['paid_out', 'fees'];
      const [paidOut, fees] = await storage.findAccounts(ids.map((id) => ({ businessId, id })));
      const net = (account = paidOut) => (account === undefined ? 0 : account.creditsPosted - account.debitsPosted);
      return { balance, pending, paidOut: net(paidOut), fees: fees === undefined ? 0 : net(fees) };
    },
  };
  return scene;
}

import { createPayouts, type Payouts, type Withdrawal } from '@bursar/payouts';
import { openSqliteStorage } from '@bursar/sqlite';
import { onTestFinished } from 'vitest';
import { demoMethods } from '../src/methods.js';
import { type Sandbox, type SandboxMode, startSandbox } from '../src/sandbox.js';

export const BITCOIN = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';

/** The payouts of the examples with their sandbox, a payout user who has $1,000.00, and a clock that the test moves. */
export interface HostScene {
  readonly payouts: Payouts;
  readonly sandbox: Sandbox;
  readonly errors: unknown[];
  /** Has each time-out end now. */
  timeOut(): void;
  order(method: keyof typeof DESTINATIONS, destination?: Record<string, unknown>): Promise<string>;
  find(id: string): Promise<Withdrawal>;
  /** Lets time pass, and works on what is due by then. */
  later(seconds: number): Promise<void>;
  money(): Promise<{ balance: number; pending: number }>;
}

const DESTINATIONS = {
  gift_card: { brand: 'books', email: 'ann@example.com' },
  crypto: { network: 'bitcoin', address: BITCOIN },
  bank_transfer: { name: 'Ann Smith', iban: 'NL91 ABNA 0417 1643 00' },
};

export async function hostScene(mode: SandboxMode = 'ok'): Promise<HostScene> {
  const clock = { now: Date.UTC(2026, 5, 1) };
  const now = () => clock.now;
  const sandbox = await startSandbox({ mode });
  const storage = await openSqliteStorage({ path: ':memory:', now });
  const errors: unknown[] = [];
  const timers = new Set<() => void>();
  const schedule = (run: () => void) => {
    timers.add(run);
    return () => timers.delete(run);
  };
  const payouts = createPayouts({
    storage,
    secret: '0123456789abcdef0123456789abcdef',
    now,
    onError: (error) => errors.push(error),
    methods: demoMethods(sandbox),
    withdrawals: { random: () => 0, schedule },
  });
  onTestFinished(async () => {
    await sandbox.close();
    await storage.close();
  });
  await payouts.auth.businesses.create({ id: 'demo' });
  const businessId = 'demo';
  await payouts.deposit({ businessId, amount: 100_000 });
  await payouts.fund({ businessId, amount: 100_000 });
  const created = await payouts.create({ businessId, email: 'ann@example.com', amount: 100_000 });
  if (!created.ok) throw new Error('the payout user was not opened');
  const payoutUserId = created.value.payoutUser.id;
  return {
    payouts,
    sandbox,
    errors,
    timeOut() {
      for (const run of [...timers]) run();
    },
    async order(method, destination = DESTINATIONS[method]) {
      const asked = await payouts.withdrawals.withdraw({ businessId, payoutUserId, method, amount: 1000, destination });
      if (!asked.ok) throw new Error(`refused: ${JSON.stringify(asked.error.body)}`);
      return asked.value.id;
    },
    async find(id) {
      const found = await payouts.withdrawals.find({ businessId, id });
      if (found === null) throw new Error(`there is no withdrawal ${id}`);
      return found;
    },
    async later(seconds) {
      clock.now += seconds * 1000;
      await payouts.withdrawals.runDue();
    },
    async money() {
      const { balance, pending } = await payouts.payoutUserBalance({ businessId, payoutUserId });
      return { balance, pending };
    },
  };
}

/** Resolves once `holds` does, however often the event loop must turn for it. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turns = 0; turns < 100_000; turns++) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`it never came about that ${what}`);
}

import { memoryStorage } from '@bursar/memory';
import { createPayouts, type Payouts, type PayoutsOptions } from '@bursar/payouts';
import { type BankTransferOptions, bankTransfer } from '../src/index.js';

export const BIZ = 'biz_1';
export const DEBTOR = { name: 'Müller & Söhne GmbH', iban: 'DE89 3704 0044 0532 0130 00', bic: 'COBADEFFXXX' };
export const NOON = Date.UTC(2026, 5, 1, 12);

/** Account holders with accounts that exist on paper alone. */
export const ANN = { name: 'Ann Smith', iban: 'NL91ABNA0417164300' };
export const BOB = { name: 'Bjørn Łukasiewicz', iban: 'FR14 2004 1010 0505 0001 3M02 606', bic: 'PSSTFRPP' };

/** Payouts with bank transfers, one payout user who has money, and a clock that the test moves. */
export interface BankScene {
  readonly payouts: Payouts;
  readonly clock: { now: number };
  readonly errors: unknown[];
  /** Asks for a withdrawal, and answers with its id. */
  order(amount: number, destination: Readonly<Record<string, unknown>>): Promise<string>;
  status(id: string): Promise<string | undefined>;
  /** What the payout user can spend, and what is reserved. */
  money(): Promise<{ balance: number; pending: number }>;
  /** Another process on the same storage. */
  process(options?: Partial<BankTransferOptions>): Payouts;
}

export async function bankScene(
  options: Partial<BankTransferOptions> & { readonly review?: boolean; readonly businessId?: string } = {},
): Promise<BankScene> {
  const { review = false, businessId = BIZ, ...own } = options;
  const currency = own.currency ?? 'EUR';
  const clock = { now: NOON };
  const errors: unknown[] = [];
  const common: Omit<PayoutsOptions, 'methods'> = {
    storage: memoryStorage({ now: () => clock.now }),
    secret: '0123456789abcdef0123456789abcdef',
    now: () => clock.now,
    onError: (error) => errors.push(error),
    withdrawals: review ? { review: () => 'review' } : {},
  };
  const process = (over: Partial<BankTransferOptions> = {}) =>
    createPayouts({ ...common, methods: [bankTransfer({ currency, debtor: DEBTOR, ...own, ...over })] });
  const payouts = process();
  await payouts.auth.businesses.create({ id: BIZ, currency });
  await payouts.deposit({ businessId, amount: 100_000_000 });
  await payouts.fund({ businessId, amount: 100_000_000 });
  const created = await payouts.create({ businessId, email: 'ann@example.com', amount: 10_000_000 });
  if (!created.ok) throw new Error('the payout user was not opened');
  const payoutUserId = created.value.payoutUser.id;
  return {
    payouts,
    clock,
    errors,
    process,
    async order(amount, destination) {
      const method = own.id ?? 'bank_transfer';
      const asked = await payouts.withdrawals.withdraw({ businessId, payoutUserId, method, amount, destination });
      if (!asked.ok) throw new Error(`refused: ${JSON.stringify(asked.error.body)}`);
      return asked.value.id;
    },
    status: async (id) => (await payouts.withdrawals.find({ businessId, id }))?.status,
    async money() {
      const { balance, pending } = await payouts.payoutUserBalance({ businessId, payoutUserId });
      return { balance, pending };
    },
  };
}

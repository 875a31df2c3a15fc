import type { BusinessRecord } from '@bursar/core/storage';
import { audited, noted } from '../audit/audited.js';
import type { Cents } from '../cents.js';
import { amount, checkFields, fieldsOf, metadata, reference } from '../fields.js';
import { type BusinessAccountKind, businessAccount } from '../ledger/account.js';
import { transferIdentity } from '../ledger/idempotency.js';
import { single } from '../ledger/transfer.js';
import type { PayoutsContext } from '../options.js';
import { refuse, type Settled, settled } from '../outcome.js';
import type { TransferCode } from '../storage.js';

/** Money that moves between two accounts of a business. */
export interface MoneyFields {
  /** Integer of the smallest unit, 1 to 100,000,000. */
  readonly amount: number;
  /** The business's own word for it; 1 to 255 characters. */
  readonly reference?: string | null | undefined;
  /** The business's own notes; at most 20 texts of at most 500 characters. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

/** The fields of {@link MoneyFields}, as they come from outside. */
export const moneyFields = fieldsOf({ amount, reference, metadata });

interface Move {
  readonly code: TransferCode & ('deposit' | 'fund');
  readonly from: BusinessAccountKind;
  readonly to: BusinessAccountKind;
}

const DEPOSIT: Move = { code: 'deposit', from: 'external', to: 'balance' };
const FUND: Move = { code: 'fund', from: 'balance', to: 'payout_balance' };

/** Books money that reached the business from outside on its balance. */
export function deposit(
  context: PayoutsContext,
  business: BusinessRecord,
  fields: unknown,
  key: string | undefined,
): Promise<Settled> {
  return move(context, business, DEPOSIT, fields, key);
}

/** Sets money of the business's balance aside for payouts. */
export function fund(
  context: PayoutsContext,
  business: BusinessRecord,
  fields: unknown,
  key: string | undefined,
): Promise<Settled> {
  return move(context, business, FUND, fields, key);
}

function move(
  context: PayoutsContext,
  business: BusinessRecord,
  move: Move,
  fields: unknown,
  key: string | undefined,
): Promise<Settled> {
  const details = noted(fields, 'amount', 'reference');
  const act = { businessId: business.id, action: `payout.${move.code}`, details };
  const run = () => moveMoney(context, business, move, fields, key);
  return audited(context, act, run, ({ id }) => id);
}

async function moveMoney(
  { ledger, auth }: PayoutsContext,
  business: BusinessRecord,
  { code, from, to }: Move,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Settled> {
  const checked = checkFields(moneyFields, fields, idempotencyKey);
  if (!checked.ok) return refuse(checked.error);
  const { amount, reference, metadata } = checked.value;
  const route = `payout/${code}`;
  const request = { businessId: business.id, principal: 'business', route, idempotencyKey, content: [] };
  const outcome = await ledger.transfer({
    businessId: business.id,
    conditions: {},
    openAccounts: [businessAccount(business, from), businessAccount(business, to)],
    openPayoutUser: null,
    creditPayoutUserId: null,
    transfers: [
      single({
        ...transferIdentity(request, auth.context.now),
        businessId: business.id,
        debitAccountId: from,
        creditAccountId: to,
        amount: amount as Cents,
        code,
        reference: reference ?? null,
        metadata: metadata ?? null,
      }),
    ],
  });
  return settled(outcome);
}

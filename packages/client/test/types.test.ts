/** What the compiler promises; `npm run typecheck` is what runs these. The client's types are its own, and the server's. */
import type { BursarErrorCode, BursarErrorOf, PayoutUser as ServerPayoutUser } from '@bursar/core';
import type * as server from '@bursar/payouts';
import type { TransferCode, TransferPhase } from '@bursar/payouts/storage';
import { describe, expectTypeOf, it } from 'vitest';
import type {
  ApiError,
  ApiErrorCode,
  BusinessBalance,
  BusinessClient,
  BusinessWithdrawal,
  ClientError,
  Fetch,
  Operation,
  PayoutUser,
  PayoutUserBalance,
  Reclaimed,
  Result,
  Withdrawal,
  WithdrawalStatus,
} from '../src/index.js';

/** A record of the server as its JSON has it: brands are gone, and times are texts. */
type Json<Value> = {
  readonly [Name in keyof Value]: Name extends `${string}At`
    ? string | Extract<Value[Name], null>
    : number extends Value[Name]
      ? Value[Name]
      : Value[Name] extends number
        ? number
        : Value[Name];
};

describe('the types', () => {
  it('of the refusals are those of the server', () => {
    expectTypeOf<ApiErrorCode>().toEqualTypeOf<BursarErrorCode>();
    type Statuses = { [Code in ApiErrorCode]: Extract<ApiError, { code: Code }>['status'] };
    expectTypeOf<Statuses>().toEqualTypeOf<{ [Code in BursarErrorCode]: BursarErrorOf<Code>['status'] }>();
    type Bodies = { [Code in ApiErrorCode]: Extract<ApiError, { code: Code }>['body'] };
    expectTypeOf<{ [Code in BursarErrorCode]: BursarErrorOf<Code>['body'] }>().toExtend<Bodies>();
  });

  it('of the records are those of the server', () => {
    expectTypeOf<Operation>().toEqualTypeOf<Json<server.Operation>>();
    expectTypeOf<BusinessBalance>().toEqualTypeOf<Omit<Json<server.BusinessBalance>, 'currency'>>();
    expectTypeOf<PayoutUserBalance>().toEqualTypeOf<Json<server.PayoutUserBalance>>();
    expectTypeOf<Operation['type']>().toEqualTypeOf<TransferCode>();
    expectTypeOf<Operation['phase']>().toEqualTypeOf<TransferPhase>();
    expectTypeOf<PayoutUser['status']>().toEqualTypeOf<ServerPayoutUser['status']>();
    expectTypeOf<WithdrawalStatus>().toEqualTypeOf<server.Withdrawal['status']>();
    type Shown = Omit<Json<server.Withdrawal>, 'destinationHint' | 'destinationSecretId' | 'businessId' | 'sequence'>;
    expectTypeOf<Omit<BusinessWithdrawal, 'destination'>>().toEqualTypeOf<Shown>();
    expectTypeOf<BusinessWithdrawal>().toExtend<Withdrawal>();
    expectTypeOf<Reclaimed>().toEqualTypeOf<{ readonly amount: number; readonly id: string | null }>();
  });

  it('of what is sent take what the server takes', () => {
    type Sent = Parameters<BusinessClient['createPayout']>[0];
    expectTypeOf<Sent>().toExtend<Omit<server.CreatePayoutOptions, 'businessId'>>();
    expectTypeOf<{ amount: string; email: string }>().not.toExtend<Sent>();
  });

  it('of a result let nobody use a value that is not there', () => {
    type Balance = Result<BusinessBalance>;
    expectTypeOf<Balance>().not.toHaveProperty('value');
    expectTypeOf<Extract<Balance, { ok: false }>['error']>().toEqualTypeOf<ClientError>();
    expectTypeOf<Extract<ClientError, { code: 'unknown_outcome' }>['idempotencyKey']>().toEqualTypeOf<string | null>();
  });

  it("of the runtime's own fetch fit", () => {
    expectTypeOf<typeof globalThis.fetch>().toExtend<Fetch>();
  });
});

/**
 * Reads the JSON of an answer. The form is checked, so that nothing but the API's own answer becomes a result: a proxy's
 * page, another server's JSON. A word of a list (a status) is not, so that a newer server does not break an older client.
 *
 * @module
 */
import type {
  BusinessBalance,
  BusinessWithdrawal,
  BusinessWithdrawalWithHistory,
  Operation,
  Page,
  PayoutHash,
  PayoutMethod,
  PayoutUser,
  PayoutUserBalance,
  Reclaimed,
  Withdrawal,
  WithdrawalVersion,
} from './records.js';

/** @throws {TypeError} where the value has another form. */
export type Reader<Value> = (value: unknown) => Value;

type Fields<Value> = { readonly [Name in keyof Value]-?: Reader<Value[Name]> };

function check(holds: boolean): asserts holds {
  if (!holds) throw new TypeError('not an answer of the API');
}

function text<Text extends string>(value: unknown): Text {
  check(typeof value === 'string');
  return value as Text;
}

function integer(value: unknown): number {
  check(Number.isSafeInteger(value));
  return value as number;
}

function object<Value extends object>(value: unknown): Value {
  check(typeof value === 'object' && value !== null && !Array.isArray(value));
  return value as Value;
}

const nullable =
  <Value>(read: Reader<Value>): Reader<Value | null> =>
  (value) =>
    value === null ? null : read(value);

const list =
  <Value>(read: Reader<Value>): Reader<readonly Value[]> =>
  (value) => {
    check(Array.isArray(value));
    return value.map((item) => read(item));
  };

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Camel case here, snake case there. What is not named is left out. */
function record<Value extends object>(fields: Fields<Value>): Reader<Value> {
  const entries = Object.entries<Reader<unknown>>(fields).map(([name, read]) => [name, snakeCase(name), read] as const);
  return (value) => {
    const found = object<Record<string, unknown>>(value);
    return Object.fromEntries(entries.map(([name, wire, read]) => [name, read(found[wire])])) as Value;
  };
}

/** Reads a page of what `read` reads. */
export const pageOf = <Item>(read: Reader<Item>): Reader<Page<Item>> =>
  record({ items: list(read), nextCursor: nullable(text) });

export const businessBalance = record<BusinessBalance>({ balance: integer, payoutBalance: integer });

/** As everywhere in Bursar, a credential does not get into a log by accident. */
export const payoutHash: Reader<PayoutHash> = (value) => {
  const found = record<PayoutHash>({ hash: text })(value);
  const shown = { value: () => ({ hash: '[redacted]' }) };
  return Object.freeze(
    Object.defineProperties(found, { toJSON: shown, [Symbol.for('nodejs.util.inspect.custom')]: shown }),
  );
};

const balanceFields: Fields<PayoutUserBalance> = { balance: integer, pending: integer, currency: text };

export const payoutUserBalance = record(balanceFields);

export const payoutUser = record<PayoutUser>({
  id: text,
  email: text,
  status: text,
  generation: integer,
  ...balanceFields,
  expiresAt: nullable(text),
  createdAt: text,
});

export const operation = record<Operation>({
  id: text,
  type: text,
  phase: text,
  direction: text,
  amount: integer,
  currency: text,
  reference: nullable(text),
  metadata: nullable<Readonly<Record<string, string>>>(object),
  pendingId: nullable(text),
  createdAt: text,
});

export const reclaimed = record<Reclaimed>({ amount: integer, id: nullable(text) });

const withdrawalFields: Fields<Withdrawal> = {
  id: text,
  method: text,
  amount: integer,
  fee: integer,
  currency: text,
  destination: text,
  status: text,
  reason: nullable(text),
  createdAt: text,
  updatedAt: text,
};

export const withdrawal = record(withdrawalFields);

const businessWithdrawalFields: Fields<BusinessWithdrawal> = {
  ...withdrawalFields,
  payoutUserId: text,
  providerReference: nullable(text),
  exportId: nullable(text),
  attempts: integer,
  actor: text,
  version: integer,
  sendStartedAt: nullable(text),
};

export const businessWithdrawal = record(businessWithdrawalFields);

const withdrawalVersion = record<WithdrawalVersion>({
  version: integer,
  status: text,
  actor: text,
  reason: nullable(text),
  providerReference: nullable(text),
  attempts: integer,
  at: text,
});

export const businessWithdrawalWithHistory = record<BusinessWithdrawalWithHistory>({
  ...businessWithdrawalFields,
  history: list(withdrawalVersion),
});

const payoutMethod = record<PayoutMethod>({
  id: text,
  name: text,
  currency: text,
  minimum: integer,
  maximum: integer,
  fee: nullable(integer),
  destination: object,
});

/** The list of payout methods, which has no pages. */
export const payoutMethods: Reader<readonly PayoutMethod[]> = (value) =>
  record<{ readonly items: readonly PayoutMethod[] }>({ items: list(payoutMethod) })(value).items;

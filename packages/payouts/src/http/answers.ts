/**
 * The bodies of successes, as schemas: for the OpenAPI document, and for tests that hold each answer against it. They are
 * not asked when a request is answered.
 *
 * @module
 */
import * as z from 'zod';
import { WITHDRAWAL_STATUSES } from '../withdrawal/find.js';
import type { WithdrawalStatus } from '../withdrawal/record.js';

/** The names that schemas have in the document. */
export const answerSchemas = z.registry<{ readonly id: string }>();

function named<Schema extends z.ZodType>(id: string, description: string, schema: Schema): Schema {
  const described = schema.meta({ description });
  answerSchemas.add(described as z.ZodType, { id });
  return described;
}

const cents = z
  .int()
  .min(0)
  .meta({ description: 'In the smallest unit of the currency.', examples: [10_000] });
const positive = z
  .int()
  .min(1)
  .meta({ description: 'In the smallest unit of the currency.', examples: [10_000] });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .meta({ description: 'ISO 4217.', examples: ['USD'] });
const time = z.string().meta({ format: 'date-time', examples: ['2026-11-24T20:30:23.120Z'] });
const id = (example: string) =>
  z
    .string()
    .min(1)
    .meta({ examples: [example] });
const words = (example: string) =>
  z
    .string()
    .nullable()
    .meta({ examples: [example] });
/** Where a withdrawal stands. */
export const withdrawalStatus = z.enum(Object.keys(WITHDRAWAL_STATUSES) as WithdrawalStatus[]).meta({
  description:
    'In review, queued, sending, processing and unknown ones are reserved; succeeded, failed, rejected and returned are final.',
  examples: ['processing'],
});

const page = <Item extends z.ZodType>(id: string, what: string, item: Item) =>
  named(
    id,
    `A page of ${what}.`,
    z.object({
      items: z.array(item),
      next_cursor: z.string().nullable().meta({ description: 'For the next page, as `cursor`; null on the last one.' }),
    }),
  );

export const hashAnswer = named(
  'PayoutHash',
  'The credential of a payout user.',
  z.object({
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ examples: ['0123456789abcdef'.repeat(4)] }),
  }),
);

export const businessBalanceAnswer = named(
  'BusinessBalance',
  'What the business has.',
  z.object({
    balance: cents.meta({ description: 'Its own money.' }),
    payout_balance: cents.meta({ description: 'What is set aside for payouts.' }),
  }),
);

export const payoutUserBalanceAnswer = named(
  'PayoutUserBalance',
  'What a payout user has.',
  z.object({
    balance: cents.meta({ description: 'What can be withdrawn.' }),
    pending: cents.meta({ description: 'What is reserved besides.' }),
    currency,
  }),
);

export const payoutUserAnswer = named(
  'PayoutUser',
  'A payout user, as the business sees it.',
  z.object({
    id: id('usr_8CBdtLYMiS7lZe2uTRlQzF'),
    email: z.string().meta({ description: 'As it was given.', examples: ['ada@example.com'] }),
    status: z.enum(['active', 'inactive', 'closed']),
    generation: z.int().min(0).meta({ description: 'How often the hash was issued anew.' }),
    balance: cents,
    pending: cents,
    currency,
    expires_at: time.nullable(),
    created_at: time,
  }),
);

export const payoutUserPageAnswer = page('PayoutUserPage', 'payout users, in the order of their ids', payoutUserAnswer);

const operationAnswer = named(
  'Operation',
  'One line of the history of a payout user.',
  z.object({
    id: id('tr_0Ub1P4QnNRd2fB9oJX4kWq'),
    type: z.enum(['deposit', 'fund', 'allocation', 'withdrawal', 'fee', 'return', 'reclaim']),
    phase: z.enum(['single', 'pending', 'post', 'void']),
    direction: z.enum(['credit', 'debit']),
    amount: positive.meta({ description: 'Always positive; `direction` has the sign.' }),
    currency,
    reference: words('June'),
    metadata: z.record(z.string(), z.string()).nullable(),
    pending_id: z.string().nullable().meta({ description: 'For `post` and `void`: the pending operation.' }),
    created_at: time,
  }),
);

export const operationPageAnswer = page('OperationPage', 'operations, newest first', operationAnswer);

const payoutMethodAnswer = named(
  'PayoutMethod',
  'A way for money to leave.',
  z.object({
    id: id('bank-transfer'),
    name: z.string().meta({ examples: ['Bank transfer'] }),
    currency,
    minimum: positive,
    maximum: positive,
    fee: cents.nullable().meta({ description: 'On top of the amount; null where it depends on the amount.' }),
    destination: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema (2020-12) of a destination.' }),
  }),
);

export const payoutMethodsAnswer = named(
  'PayoutMethods',
  'The payout methods that are open to the payout user.',
  z.object({ items: z.array(payoutMethodAnswer) }),
);

const withdrawalFields = {
  id: id('tr_5rZpYcXb7sKq1LwMvNhGdT'),
  method: z.string().meta({ examples: ['bank-transfer'] }),
  amount: positive.meta({ description: 'What the recipient gets.' }),
  fee: cents.meta({ description: 'What the payout user pays on top.' }),
  currency,
  destination: z.string().meta({ description: 'Masked.', examples: ['DE89 … 3000'] }),
  status: withdrawalStatus,
  reason: z.string().nullable(),
  created_at: time,
  updated_at: time,
};

export const withdrawalAnswer = named(
  'Withdrawal',
  'A withdrawal, as its payout user sees it.',
  z.object(withdrawalFields),
);

export const withdrawalPageAnswer = page('WithdrawalPage', 'withdrawals, newest first', withdrawalAnswer);

const businessWithdrawalFields = {
  ...withdrawalFields,
  payout_user_id: id('usr_8CBdtLYMiS7lZe2uTRlQzF'),
  provider_reference: z.string().nullable(),
  export_id: z.string().nullable(),
  attempts: z.int().min(0),
  actor: z.string().meta({ description: 'Who brought it here.', examples: ['payout_user'] }),
  version: z.int().min(0),
  send_started_at: time.nullable(),
};

export const businessWithdrawalAnswer = named(
  'BusinessWithdrawal',
  'A withdrawal, as the business sees it.',
  z.object(businessWithdrawalFields),
);

export const businessWithdrawalPageAnswer = page(
  'BusinessWithdrawalPage',
  'withdrawals, newest first',
  businessWithdrawalAnswer,
);

const withdrawalVersionAnswer = named(
  'WithdrawalVersion',
  'What a withdrawal once was: who did what, when and why.',
  z.object({
    version: z.int().min(0),
    status: withdrawalStatus,
    actor: z.string().meta({ examples: ['payout_user'] }),
    reason: z.string().nullable(),
    provider_reference: z.string().nullable(),
    attempts: z.int().min(0),
    at: time,
  }),
);

export const withdrawalHistoryAnswer = named(
  'BusinessWithdrawalWithHistory',
  'A withdrawal with everything that it has been, the first version first.',
  z.object({ ...businessWithdrawalFields, history: z.array(withdrawalVersionAnswer) }),
);

export const reclaimedAnswer = named(
  'Reclaimed',
  'What was taken back.',
  z.object({
    amount: cents.meta({ description: '0 where there was nothing.' }),
    id: z.string().nullable().meta({ description: 'The transfer; null where there was nothing.' }),
  }),
);

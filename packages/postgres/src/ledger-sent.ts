import type { AccountOpening, Transfer } from '@bursar/payouts/storage';
import { type Column, columnArrays, REF_COLUMNS, rowsSent } from './columns.js';
import type { SqlValue } from './connection.js';
import type { PlannedEvent } from './ledger-events.js';
import type { AccountNeed, BatchPlan, PlannedTransfer } from './ledger-plan.js';
import { PAYOUT_USER_COLUMNS } from './rows.js';

/** Which parts a batch has. A part that it lacks is neither sent nor planned, which halves what a common batch costs. */
export interface Shape {
  /** Some transfer reserves, posts or voids. */
  readonly hasPhases: boolean;
  readonly hasResolutions: boolean;
  readonly hasOpenings: boolean;
  readonly hasPayoutUsers: boolean;
  readonly hasSwitches: boolean;
  readonly hasActiveUsers: boolean;
  readonly hasCreditedUsers: boolean;
  readonly hasEvents: boolean;
  /** Known ids are looked for before anything is written. Without, the unique index meets them, and undoes it all. */
  readonly looksForIds: boolean;
}

export function shapeOf(plan: BatchPlan, events: readonly PlannedEvent[], looksForIds: boolean): Shape {
  return {
    hasPhases: plan.transfers.some(({ transfer }) => transfer.phase !== 'single'),
    hasResolutions: plan.resolutions.length > 0,
    hasOpenings: plan.otherAccounts.length > 0 || plan.accounts.some(({ opening }) => opening !== null),
    hasPayoutUsers: plan.payoutUsers.length > 0,
    hasSwitches: plan.enabledBusinesses.length > 0,
    hasActiveUsers: plan.activePayoutUsers.length > 0,
    hasCreditedUsers: plan.creditedPayoutUsers.length > 0,
    hasEvents: events.length > 0,
    looksForIds,
  };
}

const NEED_COLUMNS: readonly Column<AccountNeed>[] = [
  ...REF_COLUMNS,
  { name: 'debit_sum', type: 'bigint', of: ({ debitSum }) => debitSum },
  { name: 'credit_sum', type: 'bigint', of: ({ creditSum }) => creditSum },
  { name: 'transfers', type: 'bigint', of: ({ count }) => count },
];

// Where every transfer moves money at once, the sums of debits and credits say it all.
const PHASE_NEED_COLUMNS: readonly Column<AccountNeed>[] = [
  { name: 'debits_posted', type: 'bigint', of: ({ debitsPosted }) => debitsPosted },
  { name: 'debits_pending', type: 'bigint', of: ({ debitsPending }) => debitsPending },
  { name: 'credits_posted', type: 'bigint', of: ({ creditsPosted }) => creditsPosted },
  { name: 'credits_pending', type: 'bigint', of: ({ creditsPending }) => creditsPending },
];

const OPENING_NEED_COLUMNS: readonly Column<AccountNeed>[] = [
  { name: 'kind', type: 'text', of: ({ opening }) => opening?.kind ?? null },
  { name: 'currency', type: 'text', of: ({ opening }) => opening?.currency ?? null },
  { name: 'is_limited', type: 'boolean', of: ({ opening }) => opening?.debitsMustNotExceedCredits ?? null },
];

const PLANNED_REF_COLUMNS: readonly Column<PlannedTransfer>[] = [
  { name: 'business_id', type: 'text', of: ({ transfer }) => transfer.businessId },
  { name: 'id', type: 'text', of: ({ transfer }) => transfer.id },
];

const PLANNED_COLUMNS: readonly Column<PlannedTransfer>[] = [
  ...PLANNED_REF_COLUMNS,
  { name: 'debit_account_id', type: 'text', of: ({ transfer }) => transfer.debitAccountId },
  { name: 'credit_account_id', type: 'text', of: ({ transfer }) => transfer.creditAccountId },
  { name: 'amount', type: 'bigint', of: ({ transfer }) => transfer.amount },
  { name: 'code', type: 'text', of: ({ transfer }) => transfer.code },
  { name: 'reference', type: 'text', of: ({ transfer }) => transfer.reference },
  {
    name: 'metadata',
    type: 'text',
    of: ({ transfer: { metadata } }) => (metadata === null ? null : JSON.stringify(metadata)),
  },
  { name: 'request_digest', type: 'text', of: ({ transfer }) => transfer.requestDigest },
  { name: 'debit_place', type: 'bigint', of: ({ debit }) => debit.place },
  { name: 'credit_place', type: 'bigint', of: ({ credit }) => credit.place },
  { name: 'debit_offset', type: 'bigint', of: ({ debitOffset }) => debitOffset },
  { name: 'credit_offset', type: 'bigint', of: ({ creditOffset }) => creditOffset },
];

const PHASE_COLUMNS: readonly Column<PlannedTransfer>[] = [
  { name: 'phase', type: 'text', of: ({ transfer }) => transfer.phase },
  { name: 'pending_id', type: 'text', of: ({ transfer }) => transfer.pendingId },
];

const RESOLUTION_COLUMNS: readonly Column<Transfer>[] = [
  { name: 'business_id', type: 'text', of: ({ businessId }) => businessId },
  { name: 'id', type: 'text', of: ({ pendingId }) => pendingId },
  { name: 'debit_account_id', type: 'text', of: ({ debitAccountId }) => debitAccountId },
  { name: 'credit_account_id', type: 'text', of: ({ creditAccountId }) => creditAccountId },
  { name: 'amount', type: 'bigint', of: ({ amount }) => amount },
];

const OPENING_COLUMNS: readonly Column<AccountOpening>[] = [
  ...REF_COLUMNS,
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'currency', type: 'text', of: ({ currency }) => currency },
  { name: 'is_limited', type: 'boolean', of: ({ debitsMustNotExceedCredits }) => debitsMustNotExceedCredits },
];

const EVENT_COLUMNS: readonly Column<PlannedEvent>[] = [
  { name: 'business_id', type: 'text', of: ({ event }) => event.businessId },
  { name: 'id', type: 'text', of: ({ event }) => event.id },
  { name: 'type', type: 'text', of: ({ event }) => event.type },
  { name: 'subject_id', type: 'text', of: ({ event }) => event.subjectId },
  { name: 'transfer_id', type: 'text', of: ({ event }) => event.transferId },
  { name: 'account_place', type: 'bigint', of: ({ accountPlace }) => accountPlace },
  { name: 'place_offset', type: 'bigint', of: ({ event }) => event.place },
];

const BUSINESS_COLUMNS: readonly Column<string>[] = [{ name: 'id', type: 'text', of: (id) => id }];

const needColumns = ({ hasPhases, hasOpenings }: Shape): readonly Column<AccountNeed>[] => [
  ...NEED_COLUMNS,
  ...(hasPhases ? PHASE_NEED_COLUMNS : []),
  ...(hasOpenings ? OPENING_NEED_COLUMNS : []),
];

const plannedColumns = ({ hasPhases }: Shape): readonly Column<PlannedTransfer>[] =>
  hasPhases ? [...PLANNED_COLUMNS, ...PHASE_COLUMNS] : PLANNED_COLUMNS;

/** Each part of a batch as rows of a FROM clause, called `sent`. */
export interface SentRows {
  readonly needs: string;
  readonly transfers: string;
  /** The transfers' keys alone. */
  readonly transferIds: string;
  readonly resolutions: string;
  readonly openings: string;
  readonly payoutUsers: string;
  readonly businesses: string;
  readonly activeUsers: string;
  readonly creditedUsers: string;
  readonly events: string;
}

/** `$1` is the clock; the parts follow in the order of {@link sentValues}. */
export function sentRows(shape: Shape): SentRows {
  let next = 2;
  const rows = <Entry>(isThere: boolean, columns: readonly Column<Entry>[]): string => {
    const text = rowsSent(columns, 'sent', next);
    if (isThere) next += columns.length;
    return text;
  };
  const needs = rows(true, needColumns(shape));
  return {
    needs,
    transferIds: rowsSent(PLANNED_REF_COLUMNS, 'sent', next),
    transfers: rows(true, plannedColumns(shape)),
    resolutions: rows(shape.hasResolutions, RESOLUTION_COLUMNS),
    openings: rows(shape.hasOpenings, OPENING_COLUMNS),
    payoutUsers: rows(shape.hasPayoutUsers, PAYOUT_USER_COLUMNS),
    businesses: rows(shape.hasSwitches, BUSINESS_COLUMNS),
    activeUsers: rows(shape.hasActiveUsers, REF_COLUMNS),
    creditedUsers: rows(shape.hasCreditedUsers, REF_COLUMNS),
    events: rows(shape.hasEvents, EVENT_COLUMNS),
  };
}

/** The parameters for a plan of this shape. `now` is `null` where the database's clock counts. */
export function sentValues(
  plan: BatchPlan,
  events: readonly PlannedEvent[],
  shape: Shape,
  now: number | null,
): SqlValue[] {
  return [
    now,
    ...columnArrays(needColumns(shape), plan.accounts),
    ...columnArrays(plannedColumns(shape), plan.transfers),
    ...(shape.hasResolutions ? columnArrays(RESOLUTION_COLUMNS, plan.resolutions) : []),
    ...(shape.hasOpenings ? columnArrays(OPENING_COLUMNS, plan.otherAccounts) : []),
    ...(shape.hasPayoutUsers ? columnArrays(PAYOUT_USER_COLUMNS, plan.payoutUsers) : []),
    ...(shape.hasSwitches ? columnArrays(BUSINESS_COLUMNS, plan.enabledBusinesses) : []),
    ...(shape.hasActiveUsers ? columnArrays(REF_COLUMNS, plan.activePayoutUsers) : []),
    ...(shape.hasCreditedUsers ? columnArrays(REF_COLUMNS, plan.creditedPayoutUsers) : []),
    ...(shape.hasEvents ? columnArrays(EVENT_COLUMNS, events) : []),
  ];
}

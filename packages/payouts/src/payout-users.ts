import { invalidFields, orUnavailable, type PayoutUser, payoutUserOf } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import * as z from 'zod';
import { audited, noted } from './audit/audited.js';
import { type PayoutUserBalance, payoutUserBalances } from './balance.js';
import { type Page, type PageOptions, pageOf, pageStart } from './cursor.js';
import { checkFields, email, fieldsOf, isId } from './fields.js';
import type { PayoutsContext } from './options.js';
import { type Outcome, refuse } from './outcome.js';

/** A payout user with what it has. */
export interface PayoutUserWithBalance {
  readonly payoutUser: PayoutUser;
  readonly balance: PayoutUserBalance;
}

/** Which payout users to list. */
export interface ListPayoutUsersOptions extends PageOptions {
  /** Only the user with this address. */
  readonly email?: string | undefined;
}

/** What may change of a payout user, as it comes from outside. */
export const payoutUserFields = fieldsOf({
  status: z
    .enum(['active', 'inactive', 'closed'], { error: 'The status must be active, inactive or closed.' })
    .meta({ description: '`closed` is for ever.' })
    .optional(),
  expires_at: z.iso
    .datetime({ offset: true, error: 'The expires_at must be a time in ISO 8601 with its offset, or null.' })
    .meta({ description: 'In the future; null for never.', examples: ['2030-01-01T00:00:00Z'] })
    .nullable()
    .optional(),
});

/** Payout users with their balances, in the order of their ids. */
export async function listPayoutUsers(
  context: PayoutsContext,
  business: BusinessRecord,
  options: ListPayoutUsersOptions,
): Promise<Outcome<Page<PayoutUserWithBalance>>> {
  const list = ['payout-users', business.id];
  const start = pageStart(list, isId, options);
  if (!start.ok) return refuse(start.error);
  if (options.email !== undefined) return findByEmail(context, business, options.email);
  const { after, limit } = start.value;
  const request = { businessId: business.id, after, limit: limit + 1 };
  const records = await orUnavailable(() => context.storage.listPayoutUsers(request));
  const page = pageOf(list, limit, records, ({ id }) => id);
  return {
    ok: true,
    replayed: false,
    value: { ...page, items: await withBalances(context, business, page.items.map(payoutUserOf)) },
  };
}

async function findByEmail(
  context: PayoutsContext,
  business: BusinessRecord,
  address: string,
): Promise<Outcome<Page<PayoutUserWithBalance>>> {
  const checked = checkFields(fieldsOf({ email }), { email: address });
  if (!checked.ok) return refuse(checked.error);
  const found = await context.auth.payoutUsers.findByEmail({ businessId: business.id, email: address });
  const items = await withBalances(context, business, found === null ? [] : [found]);
  return { ok: true, replayed: false, value: { items, nextCursor: null } };
}

/** A payout user with its balance; `null` for an unknown id. */
export async function findPayoutUser(
  context: PayoutsContext,
  business: BusinessRecord,
  id: string,
): Promise<PayoutUserWithBalance | null> {
  const found = await context.auth.payoutUsers.find({ businessId: business.id, id });
  if (found === null) return null;
  const [user] = await withBalances(context, business, [found]);
  return user ?? null;
}

/** Changes status or expiry; `null` for an unknown id. */
export function changePayoutUser(
  context: PayoutsContext,
  business: BusinessRecord,
  id: string,
  fields: unknown,
): Promise<Outcome<PayoutUserWithBalance> | null> {
  const details = noted(fields, 'status', 'expires_at');
  const act = { businessId: business.id, action: 'payout_user.change', target: id, details };
  return audited(context, act, () => change(context, business, id, fields));
}

async function change(
  context: PayoutsContext,
  business: BusinessRecord,
  id: string,
  fields: unknown,
): Promise<Outcome<PayoutUserWithBalance> | null> {
  const checked = checkFields(payoutUserFields, fields);
  if (!checked.ok) return refuse(checked.error);
  const { status, expires_at: expiry } = checked.value;
  const expiresAt = typeof expiry === 'string' ? Date.parse(expiry) : expiry;
  if (typeof expiresAt === 'number' && !(expiresAt > context.auth.context.now())) {
    return refuse(invalidFields({ expires_at: ['The expires_at must be in the future.'] }));
  }
  const changed = await context.auth.payoutUsers.change({
    businessId: business.id,
    id,
    ...(status === undefined ? {} : { status }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
  if (changed.status === 'not_found') return null;
  if (changed.status === 'closed') return refuse(invalidFields({ status: ['The payout user is closed, for ever.'] }));
  const [user] = await withBalances(context, business, [changed.payoutUser]);
  return user === undefined ? null : { ok: true, replayed: false, value: user };
}

async function withBalances(
  context: PayoutsContext,
  business: BusinessRecord,
  users: readonly PayoutUser[],
): Promise<PayoutUserWithBalance[]> {
  const balances = await payoutUserBalances(
    context,
    business,
    users.map(({ id }) => id),
  );
  return users.map((payoutUser, index) => ({ payoutUser, balance: balances[index] as PayoutUserBalance }));
}

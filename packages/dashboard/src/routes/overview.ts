import { notFound } from '@bursar/core';
import type { Withdrawal } from '@bursar/payouts';
import { refusalAnswer } from '@bursar/payouts/http';
import { answer } from '../answers.js';
import type { Call, DashboardRoute } from '../route.js';
import { dayOf } from './usage.js';

/** What somebody who comes in wants to see first. */
export const overviewRoute: DashboardRoute = { method: 'GET', path: '/:side/overview', needs: 'viewer', run: show };

const DAY_MS = 86_400_000;
const DAYS = 30;
const PAGE = 100;
/** The newest are looked at, so that a business with millions has its page as soon as a small one. */
const MOST = 1000;

const FAILED = new Set(['failed', 'rejected', 'returned']);

async function show(call: Call) {
  const { payouts, businessId } = call;
  const business = await payouts.auth.businesses.find(businessId);
  if (business === null) return refusalAnswer(notFound());
  const [{ balance, payoutBalance }, recent, review, unknown] = await Promise.all([
    payouts.balance({ businessId }),
    recentWithdrawals(call),
    standing(call, 'review'),
    standing(call, 'unknown'),
  ]);
  const failures = recent.withdrawals.filter(({ status }) => FAILED.has(status)).slice(0, 5);
  return answer({
    currency: business.currency,
    balance,
    payout_balance: payoutBalance,
    payouts_enabled: business.payoutsEnabled,
    days: daysOf(call, recent.withdrawals),
    // Where there were more: the chart is whole from this day on.
    complete_from: recent.completeFrom,
    review,
    unknown,
    failures: failures.map(({ id, amount, currency, status, reason, method }) => ({
      id,
      amount,
      currency,
      status,
      reason,
      method,
    })),
  });
}

async function recentWithdrawals({ payouts, businessId }: Call) {
  const first = payouts.auth.context.now() - (DAYS - 1) * DAY_MS;
  const start = first - (first % DAY_MS);
  const withdrawals: Withdrawal[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await payouts.withdrawals.list({ businessId, cursor, limit: PAGE });
    if (!page.ok) throw new Error('the list of withdrawals refused its own cursor');
    const fresh = page.value.items.filter(({ createdAt }) => createdAt >= start);
    withdrawals.push(...fresh);
    const { nextCursor } = page.value;
    if (nextCursor === null || fresh.length < page.value.items.length) return { withdrawals, completeFrom: null };
    if (withdrawals.length >= MOST) {
      const oldest = withdrawals.at(-1)?.createdAt ?? start;
      return { withdrawals, completeFrom: dayOf(oldest + DAY_MS) };
    }
    cursor = nextCursor;
  }
}

/** How many stand there, up to the length of a page. */
async function standing({ payouts, businessId }: Call, status: string) {
  const page = await payouts.withdrawals.list({ businessId, status, limit: PAGE });
  if (!page.ok) throw new Error(`the list of withdrawals refused the status ${status}`);
  return { count: page.value.items.length, more: page.value.nextCursor !== null };
}

function daysOf({ payouts }: Call, withdrawals: readonly Withdrawal[]) {
  const now = payouts.auth.context.now();
  const days = Array.from({ length: DAYS }, (_, back) => dayOf(now - back * DAY_MS)).reverse();
  const rows = new Map(days.map((day) => [day, { day, paid: 0, under_way: 0, failed: 0 }]));
  for (const { createdAt, status, amount } of withdrawals) {
    const row = rows.get(dayOf(createdAt));
    if (row === undefined) continue;
    if (status === 'succeeded') row.paid += amount;
    else if (FAILED.has(status)) row.failed += amount;
    else row.under_way += amount;
  }
  return [...rows.values()];
}

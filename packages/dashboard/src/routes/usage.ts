import { invalidFields } from '@bursar/core';
import { refusalAnswer } from '@bursar/payouts/http';
import type { UsageRecord } from '@bursar/payouts/storage';
import { answer } from '../answers.js';
import type { UsageSource } from '../options.js';
import type { Call, DashboardRoute } from '../route.js';

const DAY_MS = 86_400_000;
/** How many keys get their names; the rest keep their ids. */
const MAX_NAMED = 100;

/** The use of API keys by day. */
export function usageRoute(usage: UsageSource): DashboardRoute {
  return {
    method: 'GET',
    path: '/:side/usage',
    needs: 'viewer',
    async run(call) {
      const [text = '30'] = call.request.query('days');
      if (!/^(?:7|30|90)$/.test(text)) return refusalAnswer(invalidFields({ days: ['The days must be 7, 30 or 90.'] }));
      const now = call.payouts.auth.context.now();
      const days = Array.from({ length: Number(text) }, (_, back) => dayOf(now - back * DAY_MS)).reverse();
      const [first, last] = [days[0] as string, days.at(-1) as string];
      const counts = await usage.list({ businessId: call.businessId, fromDay: first, toDay: last });
      return answer({
        days: days.map((day) => ({ day, ...sums(counts.filter((count) => count.day === day)) })),
        credentials: await byCredential(call, counts),
      });
    },
  };
}

/** The UTC day of a time. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function sums(counts: readonly UsageRecord[]) {
  let [requests, refused] = [0, 0];
  for (const count of counts) {
    requests += count.requests;
    if (count.status >= 400) refused += count.requests;
  }
  return { requests, refused };
}

async function byCredential({ payouts, businessId }: Call, counts: readonly UsageRecord[]) {
  const ids = [...new Set(counts.map(({ credential }) => credential))];
  const rows = await Promise.all(
    ids.map(async (id, index) => {
      const isKey = id !== 'payout_hash' && index < MAX_NAMED;
      const key = isKey ? await payouts.auth.apiKeys.find({ businessId, id }) : null;
      return { id, name: key?.name ?? null, ...sums(counts.filter(({ credential }) => credential === id)) };
    }),
  );
  return rows.sort((one, other) => other.requests - one.requests);
}

import { invalidFields } from '@bursar/core';
import { refusalAnswer } from '@bursar/payouts/http';
import type { UsageSum } from '@bursar/payouts/storage';
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
      const sums = await usage.sums({ businessId: call.businessId, fromDay: first, toDay: last });
      const byDay = addedUp(sums, ({ day }) => day);
      return answer({
        days: days.map((day) => ({ day, ...(byDay.get(day) ?? NOTHING) })),
        credentials: await named(
          call,
          addedUp(sums, ({ credential }) => credential),
        ),
      });
    },
  };
}

/** The UTC day of a time. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

type Counted = Pick<UsageSum, 'requests' | 'refused'>;

const NOTHING: Counted = { requests: 0, refused: 0 };

function addedUp(sums: readonly UsageSum[], nameOf: (sum: UsageSum) => string): ReadonlyMap<string, Counted> {
  const groups = new Map<string, Counted>();
  for (const sum of sums) {
    const { requests, refused } = groups.get(nameOf(sum)) ?? NOTHING;
    groups.set(nameOf(sum), { requests: requests + sum.requests, refused: refused + sum.refused });
  }
  return groups;
}

/** The most used first. */
async function named({ payouts, businessId }: Call, credentials: ReadonlyMap<string, Counted>) {
  const rows = [...credentials].sort(([, one], [, other]) => other.requests - one.requests);
  return Promise.all(
    rows.map(async ([id, counted], index) => {
      const isKey = id !== 'payout_hash' && index < MAX_NAMED;
      const key = isKey ? await payouts.auth.apiKeys.find({ businessId, id }) : null;
      return { id, name: key?.name ?? null, ...counted };
    }),
  );
}

/** How long a page of each list takes: of the dashboard's API and of the payout API, as they answer a request. */
import { dashboard } from '@bursar/dashboard';
import { payoutApi } from '@bursar/hono';
import { usageCounts } from '@bursar/observe';
import { pageOf } from '@bursar/payouts';
import { createWebhooks } from '@bursar/webhooks';
import { Hono } from 'hono';
import { emailOf, type Grown, payoutsOn, userOf } from './growth.js';
import { BUSY_USER, NOBODY } from './list-rows.js';
import { businessId } from './sqlite-load.js';

const LIMIT_MS = 100;
const TIMES = 200;
const WARM_UP_TIMES = 5;
const ORIGIN = 'http://localhost';

/** Answers a request for a path of an API. */
type Server = (path: string) => Promise<Response>;

/** A page of a list. Each time of another user, or at another place, by chance. */
interface List {
  readonly name: string;
  readonly path: (user: number) => string;
  /** An empty page is fast: only where it is expected does it count. @default 'something' */
  readonly holds?: 'something' | 'nothing' | 'either';
}

/** Measures every list, and prints the lines of the table that scripts/bench.mjs begins. */
export async function measureLists(grown: Grown): Promise<void> {
  const both = (side: string): readonly List[] => [...userLists(grown, side), ...withdrawalLists(grown, side)];
  for (const [of, server, pages] of [
    ['dashboard', dashboardOf(grown), [...both('/live'), ...DASHBOARD_ALONE]],
    ['payout API', apiOf(grown), both('')],
  ] as const) {
    for (const list of pages) console.log(await measure(`${of}: ${list.name}`, list, server, grown.users));
  }
}

function dashboardOf({ storage }: Grown): Server {
  const payouts = payoutsOn(storage, { audit: true, events: true });
  const board = dashboard({
    payouts,
    businessId,
    path: '/dashboard',
    origin: ORIGIN,
    webhooks: createWebhooks({ payouts }),
    usage: usageCounts({ storage, schedule: () => () => undefined }),
    signIn: () => ({ name: 'Ada', role: 'owner' }),
  });
  const headers = { 'x-bursar-dashboard': '1' };
  return (path) => board.fetch(new Request(`${ORIGIN}/dashboard/api${path}`, { headers }));
}

function apiOf({ payouts, keys }: Grown): Server {
  const app = new Hono().route('/', payoutApi({ payouts }));
  const headers = { authorization: `Bearer ${keys[0]}` };
  return async (path) => app.fetch(new Request(`${ORIGIN}${path}`, { headers }));
}

/** The query of a page that begins at a place of a list, which the list names. */
const from = (list: readonly string[], place: string): string =>
  `limit=100&cursor=${pageOf(list, 1, [place, place], String).nextCursor}`;

function userLists({ payouts, users }: Grown, side: string): readonly List[] {
  const userId = (user: number): string => userOf(payouts, user).payoutUser.id;
  const busy = userId(BUSY_USER);
  return [
    { name: 'users, the first page', path: () => `${side}/payout/users?limit=100` },
    {
      name: 'users, a page from the middle',
      path: (user) => `${side}/payout/users?${from(['payout-users', businessId], userId(user))}`,
      holds: 'either',
    },
    { name: 'users, by email', path: (user) => `${side}/payout/users?email=${emailOf(user)}` },
    {
      name: 'users, by an email that nobody has',
      path: () => `${side}/payout/users?email=${NOBODY}`,
      holds: 'nothing',
    },
    {
      name: 'a user’s operations',
      path: (user) => `${side}/payout/users/${userId(user)}/operations?limit=100`,
      holds: 'either',
    },
    {
      name: `the operations of a user with ${users / 10}`,
      path: () => `${side}/payout/users/${busy}/operations?limit=100`,
    },
    {
      name: 'the same, a page from the middle',
      path: (user) =>
        `${side}/payout/users/${busy}/operations?${from(['operations', businessId, busy], String(1001 + user))}`,
      holds: 'either',
    },
  ];
}

function withdrawalLists({ payouts, users }: Grown, side: string): readonly List[] {
  const busy = userOf(payouts, BUSY_USER).payoutUser.id;
  // There are as many withdrawals as users.
  const inWithdrawals = (user: number): string => from(['withdrawals', businessId, ''], String(user + 1));
  return [
    { name: 'withdrawals, the first page', path: () => `${side}/payout/withdrawals?limit=100` },
    {
      name: 'withdrawals, a page from the middle',
      path: (user) => `${side}/payout/withdrawals?${inWithdrawals(user)}`,
      holds: 'either',
    },
    { name: 'withdrawals, nearly all succeeded', path: () => `${side}/payout/withdrawals?status=succeeded&limit=100` },
    { name: 'withdrawals, one in 1000 in review', path: () => `${side}/payout/withdrawals?status=review&limit=100` },
    {
      name: 'withdrawals in review by a method, from the middle',
      path: (user) => `${side}/payout/withdrawals?status=review&method=card&${inWithdrawals(user)}`,
      holds: 'either',
    },
    {
      name: `withdrawals of a user with ${users / 10}`,
      path: () => `${side}/payout/withdrawals?user=${busy}&limit=100`,
    },
    {
      name: 'withdrawals of a user with few that have succeeded',
      path: (user) =>
        `${side}/payout/withdrawals?user=${userOf(payouts, user).payoutUser.id}&status=succeeded&limit=100`,
      holds: 'either',
    },
    {
      name: `withdrawals of a user with ${users / 10}, in a status that none of them has`,
      path: () => `${side}/payout/withdrawals?user=${busy}&status=failed&limit=100`,
      holds: 'nothing',
    },
  ];
}

const DASHBOARD_ALONE: readonly List[] = [
  { name: 'overview', path: () => '/live/overview' },
  { name: 'API keys', path: () => '/live/keys' },
  { name: 'webhook deliveries, the first page', path: () => '/live/deliveries?limit=100' },
  { name: 'audit log, the first page', path: () => '/live/audit?limit=100' },
  {
    name: 'audit log, a page from the middle',
    path: (user) => `/live/audit?${from(['audit', businessId], String(user + 2))}`,
    holds: 'either',
  },
  { name: 'usage of 30 days', path: () => '/live/usage?days=30' },
  { name: 'usage of 90 days', path: () => '/live/usage?days=90' },
];

async function measure(
  name: string,
  { path, holds = 'something' }: List,
  server: Server,
  users: number,
): Promise<string> {
  const spent: number[] = [];
  for (let time = -WARM_UP_TIMES; time < TIMES; time++) {
    const asked = path(Math.floor(Math.random() * users));
    const start = performance.now();
    const response = await server(asked);
    const text = await response.text();
    if (time >= 0) spent.push(performance.now() - start);
    if (response.status !== 200) throw new Error(`${name}: ${response.status} ${text}`);
    if (holds !== 'either' && text.includes('"items":[]') !== (holds === 'nothing'))
      throw new Error(`${name}: ${asked} answered ${text}`);
  }
  return row(name, spent);
}

function row(name: string, spent: readonly number[]): string {
  const sorted = [...spent].sort((left, right) => left - right);
  const at = (part: number): string =>
    `${(sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN).toPrecision(3)}`;
  const met = Number(at(0.99)) <= LIMIT_MS;
  const cells = [name, `at most ${LIMIT_MS} ms`, `**${at(0.5)} ms**`, `${at(0.25)}–${at(0.75)}`];
  return `| ${[...cells, `99 of 100: ${at(0.99)} ms`, '–', met ? 'met' : '**NOT MET**'].join(' | ')} |`;
}

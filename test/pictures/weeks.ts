import type { Payouts } from '@bursar/payouts';
import { between } from '../faults/chance.js';
import { BIZ, type Business, NOW } from './business.js';
import { PEOPLE, type Person, STUDIES, type Study } from './people.js';

const DAY_MS = 86_400_000;
const DAYS = 36;
/** Monday first; few ask for their money on a Sunday. */
const PAYOUTS_BY_WEEKDAY = [7, 6, 8, 7, 5, 2, 1];

/** Lives through the weeks before {@link NOW}, day by day, with all that a business has. */
export async function liveThroughWeeks(business: Business): Promise<void> {
  const { payouts, clock } = business;
  const midnight = NOW - (NOW % DAY_MS);
  clock.now = midnight - DAYS * DAY_MS + 9 * 3_600_000;
  await payouts.auth.businesses.create({ id: BIZ, name: 'Fieldnote Research' });
  await payouts.deposit({ businessId: BIZ, amount: 9_600_000 });
  await payouts.fund({ businessId: BIZ, amount: 6_500_000 });
  const keys = await keysOf(business);
  await endpointsOf(business);
  const users = new Map<Person, string>();
  for (let day = DAYS; day >= 0; day--) {
    const start = midnight - day * DAY_MS;
    await liveThroughDay({ business, users, keys }, start);
    await settleOld(business, start);
    await countRequests(business, keys, start);
  }
  await rest(business, keys);
}

/** What is under way comes to its end, but what happened last. */
async function rest({ payouts, webhooks, clock }: Business, { secrets }: Keys): Promise<void> {
  for (const minutes of [40, 31, 22, 13, 2]) {
    clock.now = NOW - minutes * 60_000;
    await webhooks.runDue();
  }
  for (const secret of secrets) await payouts.auth.verifyApiKey(secret);
}

/** The ids of the API keys, and those of them that are used. */
interface Keys {
  readonly server: string;
  readonly research: string;
  readonly secrets: readonly string[];
}

async function keysOf({ payouts, clock }: Business): Promise<Keys> {
  const named = { businessId: BIZ };
  const owner = payouts.as({ actorType: 'operator', actorId: 'Ada Lindqvist', address: '198.51.100.23' });
  const { apiKey: old } = await owner.auth.apiKeys.issue({ ...named, name: 'Old staging server' });
  const scopes = ['payouts:write', 'users:read'];
  const { apiKey: server, key: serverKey } = await owner.auth.apiKeys.issue({ ...named, name: 'Web server' });
  const { apiKey: research, key: researchKey } = await owner.auth.apiKeys.issue({
    ...named,
    name: 'Study planner',
    scopes,
  });
  const expiresAt = clock.now + 90 * DAY_MS;
  const reading = ['balance:read', 'withdrawals:read'];
  await owner.auth.apiKeys.issue({ ...named, name: 'Monthly report', scopes: reading, expiresAt });
  await owner.auth.apiKeys.revoke({ ...named, id: old.id });
  return { server: server.id, research: research.id, secrets: [serverKey, researchKey] };
}

async function endpointsOf({ webhooks }: Business): Promise<void> {
  const named = { businessId: BIZ };
  await webhooks.endpoints.create({ ...named, url: 'https://api.fieldnote.org/hooks/bursar' });
  const types = ['withdrawal.succeeded', 'withdrawal.failed'];
  const crm = await webhooks.endpoints.create({ ...named, url: 'https://hooks.fieldnote.org/crm/payouts', types });
  if (!crm.ok) throw new Error('an endpoint was refused');
}

interface Life {
  readonly business: Business;
  readonly users: Map<Person, string>;
  readonly keys: Keys;
}

async function liveThroughDay({ business, users, keys }: Life, start: number): Promise<void> {
  const { payouts, clock, random, webhooks } = business;
  const weekday = (new Date(start).getUTCDay() + 6) % 7;
  const many = (PAYOUTS_BY_WEEKDAY[weekday] ?? 0) + between(random, 0, 3);
  const last = Math.min(start + 20 * 3_600_000, NOW - 100 * 60_000);
  const step = (last - start - 8 * 3_600_000) / (2 * many);
  const pass = (): void => {
    clock.now = Math.min(last, clock.now + Math.floor(step * (0.5 + random())));
  };
  clock.now = start + 8 * 3_600_000;
  for (let turn = 0; turn < many; turn++) {
    pass();
    const person = PEOPLE[between(random, 0, PEOPLE.length - 1)] as Person;
    const study = STUDIES[between(random, 0, STUDIES.length - 1)] as Study;
    const actorId = random() < 0.7 ? keys.server : keys.research;
    const paid = await payouts
      .as({ actorType: 'api_key', actorId, address: '203.0.113.8' })
      .create({ businessId: BIZ, email: person.email, ...study });
    if (!paid.ok) throw new Error('a payout was refused');
    users.set(person, paid.value.payoutUser.id);
    pass();
    const asking = PEOPLE[between(random, 0, PEOPLE.length - 1)] as Person;
    const id = users.get(asking);
    if (id !== undefined) await askForMoney(business, asking, id);
    await payouts.withdrawals.runDue();
    await webhooks.runDue();
  }
}

async function askForMoney({ payouts, random }: Business, person: Person, payoutUserId: string): Promise<void> {
  const { balance } = await payouts.payoutUserBalance({ businessId: BIZ, payoutUserId });
  const [method, most, destination] = choiceOf(person, random());
  const amount = Math.min(Math.floor((balance / 1.02 - 100) / 500) * 500, most);
  if (amount < 1000) return;
  const address = `192.0.2.${between(random, 2, 250)}`;
  await payouts
    .as({ actorType: 'payout_user', actorId: payoutUserId, address })
    .withdrawals.withdraw({ businessId: BIZ, payoutUserId, method, amount, destination });
}

function choiceOf({ name, email, iban }: Person, drawn: number): [string, number, Record<string, unknown>] {
  if (drawn < 0.45) return ['bank_transfer', 200_000, { name, iban }];
  if (drawn < 0.8) return ['gift_card', 10_000, { brand: drawn < 0.6 ? 'groceries' : 'books', email }];
  return [
    'stablecoin',
    40_000,
    { network: 'base', address: `0x${drawn.toString(16).slice(2, 12).padEnd(40, '7c3f9a')}` },
  ];
}

/** Operators approve what waits for them, and settle what the bank has paid, two days later. */
async function settleOld({ payouts, clock, random }: Business, start: number): Promise<void> {
  if (start > NOW - 2 * DAY_MS) return;
  clock.now = start + 21 * 3_600_000;
  await approveReviewed(payouts, start, random);
  const queued = await payouts.withdrawals.list({ businessId: BIZ, status: 'queued', limit: 100 });
  for (const { id, createdAt } of queued.ok ? queued.value.items : []) {
    if (createdAt > start - 2 * DAY_MS) continue;
    const day = new Date(start).toLocaleDateString('en-US', { month: 'long', day: 'numeric', timeZone: 'UTC' });
    const decision = { businessId: BIZ, id, actor: 'operator:Otto Brandt' };
    const otto = payouts.as({ actorType: 'operator', actorId: 'Otto Brandt', address: '198.51.100.40' });
    if (random() < 0.93) await otto.withdrawals.settle({ ...decision, reason: `On the statement of ${day}` });
    else await otto.withdrawals.fail({ ...decision, reason: 'The bank knows no such account' });
  }
}

async function approveReviewed(payouts: Payouts, start: number, random: () => number): Promise<void> {
  const reviewed = await payouts.withdrawals.list({ businessId: BIZ, status: 'review', limit: 100 });
  const ada = payouts.as({ actorType: 'operator', actorId: 'Ada Lindqvist', address: '198.51.100.23' });
  for (const { id, createdAt } of reviewed.ok ? reviewed.value.items : []) {
    const decision = { businessId: BIZ, id, actor: 'operator:Ada Lindqvist' };
    if (createdAt > start - DAY_MS) continue;
    if (random() < 0.85) await ada.withdrawals.approve(decision);
    else await ada.withdrawals.refuse({ ...decision, reason: 'Took part twice under two addresses' });
  }
}

/** More than the few payouts of the pictures: each page of the business asks for balances. */
async function countRequests({ storage, random }: Business, keys: Keys, start: number): Promise<void> {
  const day = new Date(start).toISOString().slice(0, 10);
  const isWeekend = [0, 6].includes(new Date(start).getUTCDay());
  const of = (credential: string, route: string, status: number, requests: number) => ({
    businessId: BIZ as Parameters<typeof storage.listUsage>[0],
    day,
    credential,
    route,
    status,
    requests: Math.max(1, Math.floor(requests * (isWeekend ? 0.35 : 1) * (0.75 + random() / 2))),
  });
  await storage.addUsage([
    of(keys.server, 'GET /balance', 200, 1400),
    of(keys.server, 'POST /payout/create', 200, 260),
    of(keys.server, 'POST /payout/create', 422, 18),
    of(keys.research, 'GET /payout/users', 200, 420),
    of(keys.research, 'GET /payout/users', 403, random() < 0.1 ? 310 : 6),
    of('payout_hash', 'GET /payout/balance', 200, 640),
    of('payout_hash', 'POST /payout/withdraw', 422, 9),
  ]);
}

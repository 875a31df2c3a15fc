/**
 * Webhooks to an endpoint that fails one in three, while the process that delivers them is killed, as `kill -9` does: each
 * is delivered, and those of one payout user or withdrawal in order.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Payouts } from '@bursar/payouts';
import type { BursarStorage, EventRecord } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { createWebhooks, type Webhooks } from '@bursar/webhooks';
import { withChildren } from './children.js';
import { type FaultReport, Problems, secondsSince } from './report.js';
import { BUSINESS, DESTINATION, METHOD, openPayouts } from './scene.js';

/** What the program runs with. */
export interface WebhookFaultOptions {
  readonly events: number;
  readonly kills: number;
  /** The bundle of `child.ts`. */
  readonly script: string;
}

/** Each payout user makes so many: opened, funded, and a withdrawal that is asked for and paid. */
const EVENTS_A_USER = 4;
const AT_ONCE = 64;
const PAGE = 1000;

/** Webhooks on a storage, to a server on this machine. Whatever is killed was on lease for a few seconds. */
function webhooksOn(payouts: Payouts): Webhooks {
  return createWebhooks({
    payouts,
    allowHttp: true,
    allowPrivateAddresses: true,
    timeoutMs: 500,
    concurrencyPerEndpoint: 16,
    // One that fails one in three fails eight times running, once in 6,561: here it is not given up for that.
    retrySeconds: Array.from({ length: 60 }, () => 1),
  });
}

/** What a child does until it is killed. */
export function deliverWebhooks(storage: BursarStorage, onError: (error: unknown) => void): void {
  webhooksOn(openPayouts(storage, { events: true, onError })).start({ intervalMs: 20 });
}

/** Runs the kills. */
export async function webhooks({ events, kills, script }: WebhookFaultOptions): Promise<FaultReport> {
  const began = performance.now();
  const problems = new Problems();
  const folder = mkdtempSync(join(tmpdir(), 'bursar-webhooks-'));
  const path = join(folder, 'bursar.db');
  const receiver = await FailingReceiver.open();
  try {
    await happen(path, events, receiver.url);
    for (let kill = 1; kill <= kills; kill++) {
      await deliverUntilKilled(script, path, receiver.delivered((events * kill) / (kills + 1)), problems);
    }
    await deliverUntilKilled(script, path, receiver.delivered(events), problems);
    const { lost, unordered } = await compare(path, events, receiver, problems);
    const told = receiver.told.length;
    const line = `${events} webhooks to an endpoint that fails one in three: ${events - lost} delivered, ${lost} lost, ${unordered} out of order over ${kills} kills (${receiver.requests} requests, ${told - receiver.ids.size} told twice; ${secondsSince(began)})`;
    return { line, problems: problems.found };
  } finally {
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes the file, with an endpoint, and everything that it is to be told of. */
async function happen(path: string, events: number, url: string): Promise<void> {
  const storage = await openSqliteStorage({ path });
  const payouts = openPayouts(storage, { events: true });
  await payouts.auth.businesses.create({ id: BUSINESS });
  await payouts.deposit({ businessId: BUSINESS, amount: 100_000_000 });
  await payouts.fund({ businessId: BUSINESS, amount: 100_000_000 });
  const made = await webhooksOn(payouts).endpoints.create({ businessId: BUSINESS, url });
  if (!made.ok) throw new Error(`the endpoint was not made: ${JSON.stringify(made.error.body)}`);
  const users = Array.from({ length: Math.floor(events / EVENTS_A_USER) }, (_, index) => `user-${index}@example.com`);
  for (let from = 0; from < users.length; from += AT_ONCE) {
    await Promise.all(users.slice(from, from + AT_ONCE).map((email) => payOut(payouts, email)));
  }
  await storage.close();
}

async function payOut(payouts: Payouts, email: string): Promise<void> {
  const created = await payouts.create({ businessId: BUSINESS, email, amount: 100 });
  const payoutUserId = created.ok ? created.value.payoutUser.id : '';
  const order = { businessId: BUSINESS, payoutUserId, method: METHOD, amount: 10, destination: DESTINATION };
  const asked = await payouts.withdrawals.withdraw(order);
  const decision = { businessId: BUSINESS, id: asked.ok ? asked.value.id : '', actor: 'ann@ops', reason: 'Paid.' };
  const settled = await payouts.withdrawals.settle(decision);
  if (!settled?.ok) throw new Error(`the withdrawal of ${email} was not settled`);
}

async function deliverUntilKilled(
  script: string,
  path: string,
  enough: Promise<void>,
  problems: Problems,
): Promise<void> {
  await withChildren(script, 1, async ([child]) => {
    if (child === undefined) throw new Error('no child was started');
    child.onLine((line) => problems.add(line));
    // It never ends by itself: only a failure does.
    await Promise.race([enough, child.obey({ task: 'webhooks', database: path }).then(() => undefined)]);
    await child.kill();
  });
}

/** Holds what was told against what happened. */
async function compare(path: string, events: number, { told, ids }: FailingReceiver, problems: Problems) {
  const storage = await openSqliteStorage({ path });
  const happened = await allEvents(storage);
  problems.expect(happened.size === events, `${happened.size} events were written, not ${events}`);
  const pending = await storage.listUndispatchedEvents(1);
  problems.expect(pending.length === 0, `the event ${pending[0]?.id} was not dispatched`);
  await storage.close();
  let lost = 0;
  for (const id of happened.keys()) {
    if (ids.has(id)) continue;
    lost++;
    problems.add(`lost: ${id}`);
  }
  const { unordered, strange } = orderOf(told, happened);
  for (const id of unordered) problems.add(`${id} was told after what came after it`);
  for (const id of strange) problems.add(`${id} was told, and never happened`);
  return { lost, unordered: unordered.length };
}

/** Which were told after a later one of their subject, and which never happened. Told again before a later one is in order. */
export function orderOf(told: readonly string[], happened: ReadonlyMap<string, EventRecord>) {
  const places = new Map<string, number>();
  const unordered: string[] = [];
  const strange: string[] = [];
  for (const id of told) {
    const event = happened.get(id);
    if (event === undefined) strange.push(id);
    else if (event.place < (places.get(event.subjectId) ?? 0)) unordered.push(id);
    else places.set(event.subjectId, event.place);
  }
  return { unordered, strange };
}

async function allEvents(storage: BursarStorage): Promise<Map<string, EventRecord>> {
  const all = new Map<string, EventRecord>();
  const businessId = BUSINESS as EventRecord['businessId'];
  for (let before: EventRecord | null = null; ; ) {
    const page: readonly EventRecord[] = await storage.listEvents({ businessId, before, limit: PAGE });
    for (const event of page) all.set(event.id, event);
    before = page.at(-1) ?? null;
    if (page.length < PAGE) return all;
  }
}

/** A business's server that fails one request in three. */
class FailingReceiver {
  requests = 0;
  /** The ids of what it has taken, in order. */
  readonly told: string[] = [];
  readonly ids = new Set<string>();
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  private constructor(readonly server: Server) {}

  static async open(): Promise<FailingReceiver> {
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(receiver.#take(request.headers['webhook-id'])).end());
    });
    const receiver = new FailingReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Resolves once it has taken so many different ones. */
  delivered(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.#tell();
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #take(id: string | string[] | undefined): number {
    if (++this.requests % 3 === 0 || typeof id !== 'string') return 503;
    this.told.push(id);
    this.ids.add(id);
    this.#tell();
    return 204;
  }

  #tell(): void {
    for (const { count, resolve } of this.#waiting) if (this.ids.size >= count) resolve();
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { payoutApi as expressApi } from '@bursar/express';
import { payoutApi as honoApi } from '@bursar/hono';
import { createPayouts, type Payouts } from '@bursar/payouts';
import type { BursarStorage, LedgerOutcome } from '@bursar/payouts/storage';
import { openSqliteStorage } from '@bursar/sqlite';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { Hono } from 'hono';

/** Where the servers are, and who may ask them. */
export interface Serving {
  readonly ports: Readonly<
    Record<'hono' | 'express' | 'bareHono' | 'bareExpress' | 'single' | 'audited' | 'auditedSingle', number>
  >;
  readonly key: string;
  readonly hash: string;
}

const SECRET = 'a secret of thirty-two bytes, and more';
const BALANCE = { balance: 1, pending: 0, currency: 'USD' };
// More than all requests of a run create, a cent each.
const FUNDS = 100_000_000;

/** Starts all servers, until the parent disconnects. */
export async function serve(): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), 'bursar-bench-'));
  const storages: BursarStorage[] = [];
  const servers: Server[] = [];

  async function open(name: string): Promise<BursarStorage> {
    const storage = await openSqliteStorage({ path: join(folder, `${name}.db`) });
    storages.push(storage);
    const payouts = createPayouts({ storage, secret: SECRET });
    await payouts.auth.businesses.create({ id: 'biz_1' });
    await endow(payouts);
    return storage;
  }

  async function listen(listener: RequestListener): Promise<number> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  const onHono = (payouts: Payouts) => listen(getRequestListener(new Hono().route('/', honoApi({ payouts })).fetch));
  const storage = await open('plain');
  const payouts = createPayouts({ storage, secret: SECRET });
  const apiKeys = { businessId: 'biz_1', name: 'bench' };
  const { key } = await payouts.auth.apiKeys.issue(apiKeys);
  const created = await payouts.create({ businessId: 'biz_1', email: 'reader@example.com', amount: 1 });
  if (!created.ok) throw new Error('no payout user was created');

  process.once('disconnect', () => void close(folder, servers, storages));
  return {
    key,
    hash: created.value.hash,
    ports: {
      hono: await onHono(payouts),
      express: await listen(express().use(expressApi({ payouts }))),
      bareHono: await listen(getRequestListener(new Hono().get('/payout/balance', (c) => c.json(BALANCE)).fetch)),
      bareExpress: await listen(express().get('/payout/balance', (_, response) => void response.json(BALANCE))),
      single: await onHono(createPayouts({ storage: oneByOne(storage), secret: SECRET })),
      audited: await onHono(createPayouts({ storage, secret: SECRET, audit: true, events: true })),
      auditedSingle: await onHono(
        createPayouts({ storage: oneByOne(storage), secret: SECRET, audit: true, events: true }),
      ),
    },
  };
}

async function endow(payouts: Payouts): Promise<void> {
  await payouts.deposit({ businessId: 'biz_1', amount: FUNDS });
  await payouts.fund({ businessId: 'biz_1', amount: FUNDS });
}

/** The same storage, with a transaction for each item and each entry, as a server has it that gathers nothing. */
function oneByOne(storage: BursarStorage): BursarStorage {
  return {
    ...storage,
    async applyTransfers(items) {
      const outcomes: LedgerOutcome[] = [];
      for (const item of items) outcomes.push(...(await storage.applyTransfers([item])));
      return outcomes;
    },
    async appendAudit(entries) {
      const records = [];
      for (const entry of entries) records.push(...(await storage.appendAudit([entry])));
      return records;
    },
  };
}

async function close(folder: string, servers: readonly Server[], storages: readonly BursarStorage[]): Promise<void> {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  for (const storage of storages) await storage.close();
  rmSync(folder, { recursive: true });
}

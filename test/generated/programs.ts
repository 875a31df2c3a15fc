/** The generated requests on both frameworks and every adapter. */
import { Agent, createServer } from 'node:http';
import { payoutApi as expressApi } from '@bursar/express';
import { payoutApi as honoApi } from '@bursar/hono';
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openPostgresStorage } from '@bursar/postgres';
import { openSqliteStorage } from '@bursar/sqlite';
import express from 'express';
import { Hono } from 'hono';
import { startServer } from '../../packages/postgres/test/server.js';
import { empty, withServer } from '../faults/on-postgres.js';
import type { FaultReport } from '../faults/report.js';
import type { Framework } from '../http/frameworks.js';
import { inProcess, nodeServer } from '../http/target.js';
import { generatedRun } from './run.js';

const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  Hono: (payouts) => inProcess(new Hono().route('/v1', honoApi({ payouts }))),
  Express: (payouts) => {
    const app = express().disable('x-powered-by');
    app.use('/v1', expressApi({ payouts }));
    return nodeServer(app, createServer, new Agent({ keepAlive: true }));
  },
};

interface Numbers {
  readonly requests: number;
  readonly seed: number;
}

/** On memory and on SQLite. */
export async function generatedInProcess(numbers: Numbers): Promise<FaultReport[]> {
  return [
    ...(await onFrameworks('memory', () => memoryStorage(), numbers)),
    ...(await onFrameworks('SQLite', () => openSqliteStorage({ path: ':memory:' }), numbers)),
  ];
}

/** On a real PostgreSQL server. */
export function generatedOnPostgres(numbers: Numbers): Promise<FaultReport[]> {
  return withServer(startServer(), ({ url }) => {
    const open = async (): Promise<BursarStorage> => {
      const storage = await openPostgresStorage({ connectionString: url });
      await empty(url);
      return storage;
    };
    return onFrameworks('PostgreSQL', open, numbers);
  });
}

/** On storages that `open` opens, each with nothing in it, by both frameworks. */
async function onFrameworks(
  where: string,
  open: () => BursarStorage | Promise<BursarStorage>,
  numbers: Numbers,
): Promise<FaultReport[]> {
  const reports: FaultReport[] = [];
  for (const [name, framework] of Object.entries(FRAMEWORKS)) {
    const storage = await open();
    reports.push(await generatedRun({ storage, framework, where: `${name} on ${where}`, ...numbers }));
    await storage.close();
  }
  return reports;
}

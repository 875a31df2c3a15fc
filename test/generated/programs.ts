/** The generated requests on the frameworks and every adapter. */
import { Agent, createServer } from 'node:http';
import { payoutApi as expressApi } from '@bursar/express';
import { payoutApi as fastifyApi } from '@bursar/fastify';
import { payoutApi as fetchApi } from '@bursar/fetch';
import { payoutApi as honoApi } from '@bursar/hono';
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage } from '@bursar/payouts/storage';
import { openPostgresStorage } from '@bursar/postgres';
import { openSqliteStorage } from '@bursar/sqlite';
import express from 'express';
import fastify from 'fastify';
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

/** What differs from the others in how requests come in, and not in what storage is asked. */
const MORE: typeof FRAMEWORKS = {
  Fastify: async (payouts) => {
    // Above it, Fastify itself answers, in its own form.
    const app = fastify({ routerOptions: { maxParamLength: 16_384 } });
    await app.register(fastifyApi, { payouts, prefix: '/v1' });
    await app.ready();
    return nodeServer(app.routing, createServer, new Agent({ keepAlive: true }));
  },
  fetch: (payouts) => inProcess({ fetch: fetchApi({ payouts, basePath: '/v1' }) }),
};

interface Numbers {
  readonly requests: number;
  readonly seed: number;
}

/** On memory and on SQLite. */
export async function generatedInProcess(numbers: Numbers): Promise<FaultReport[]> {
  return [
    ...(await onFrameworks('memory', () => memoryStorage(), numbers, { ...FRAMEWORKS, ...MORE })),
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

/** On storages that `open` opens, each with nothing in it, by each framework. */
async function onFrameworks(
  where: string,
  open: () => BursarStorage | Promise<BursarStorage>,
  numbers: Numbers,
  frameworks = FRAMEWORKS,
): Promise<FaultReport[]> {
  const reports: FaultReport[] = [];
  for (const [name, framework] of Object.entries(frameworks)) {
    const storage = await open();
    reports.push(await generatedRun({ storage, framework, where: `${name} on ${where}`, ...numbers }));
    await storage.close();
  }
  return reports;
}

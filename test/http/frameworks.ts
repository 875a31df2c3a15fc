import { createServer } from 'node:http';
import type { Payouts } from '@bursar/payouts';
import { expressApp } from './express-app.js';
import { fastifyApp } from './fastify-app.js';
import { fetchApp } from './fetch-app.js';
import { honoApp } from './hono-app.js';
import { nextApp } from './next-app.js';
import { inProcess, nodeServer, type Target, webServer } from './target.js';

/** Serves one `Payouts` by one framework. */
export type Framework = (payouts: Payouts) => Target | Promise<Target>;

/** Whatever `express` is in the test file that asks: some replace version 5 by version 4. */
export const express: Framework = (payouts) => nodeServer(expressApp(payouts), createServer);

/** Every way that requests reach Bursar, but Express 4, which needs a file of its own. */
export const frameworks: readonly (readonly [name: string, framework: Framework])[] = [
  ['Hono, in this process', (payouts) => inProcess(honoApp(payouts))],
  ['Hono on Node', (payouts) => webServer(honoApp(payouts))],
  ['Express 5', express],
  ['Fastify', async (payouts) => nodeServer(await fastifyApp(payouts), createServer)],
  ['fetch, in this process', (payouts) => inProcess(fetchApp(payouts))],
  ['fetch on Node', (payouts) => webServer(fetchApp(payouts))],
  ['Next.js', (payouts) => inProcess(nextApp(payouts))],
];

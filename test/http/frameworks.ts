import { createServer } from 'node:http';
import type { Payouts } from '@bursar/payouts';
import { expressApp } from './express-app.js';
import { honoApp } from './hono-app.js';
import { honoServer, inProcess, nodeServer, type Target } from './target.js';

/** Serves one `Payouts` by one framework. */
export type Framework = (payouts: Payouts) => Target | Promise<Target>;

/** Whatever `express` is in the test file that asks: some replace version 5 by version 4. */
export const express: Framework = (payouts) => nodeServer(expressApp(payouts), createServer);

/** Every way that requests reach Bursar, but Express 4, which needs a file of its own. */
export const frameworks: readonly (readonly [name: string, framework: Framework])[] = [
  ['Hono, in this process', (payouts) => inProcess(honoApp(payouts))],
  ['Hono on Node', (payouts) => honoServer(honoApp(payouts))],
  ['Express 5', express],
];

/** A Hono server of a team that installed the packages. */
import { createServer } from 'node:http';
import { payoutApi, requireApiKey } from '@bursar/hono';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { ask, host } from './ask.mjs';

const made = await host();
const app = new Hono().route('/api', payoutApi({ payouts: made.payouts }));
app.get('/mine', requireApiKey({ auth: made.payouts.auth }), (c) => c.json({ business: c.var.business.name }));
await ask('hono', createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1'), made);

import { getRequestListener } from '@hono/node-server';
import { runHost } from 'payout-api-host';
import { server } from './app.js';

await runHost({
  folder: new URL('../data/', import.meta.url),
  listener: (payouts) => getRequestListener(server(payouts).fetch),
});

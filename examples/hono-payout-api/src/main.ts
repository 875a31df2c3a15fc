import { getRequestListener } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { runHost } from 'payout-api-host';
import { server } from './app.js';

await runHost({
  folder: new URL('../data/', import.meta.url),
  listener: (shown) => getRequestListener(server(shown).fetch),
  clientAddress: ({ raw }) => getConnInfo(raw as Context).remote.address ?? null,
});

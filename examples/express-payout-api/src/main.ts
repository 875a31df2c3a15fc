import type { Request } from 'express';
import { runHost } from 'payout-api-host';
import { server } from './app.js';

await runHost({
  folder: new URL('../data/', import.meta.url),
  listener: server,
  clientAddress: ({ raw }) => (raw as Request).ip ?? null,
});

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payoutApi } from '@bursar/express';
import { memoryStorage } from '@bursar/memory';
import { createPayouts } from '@bursar/payouts';
import express from 'express';
import { type ApiReferenceOptions, apiReference } from '../src/index.js';

/** A server on the loopback interface. */
export interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

/** The payout API below `/v1` with its document, and the page at `/docs`. */
export function serveDocs(over: Partial<ApiReferenceOptions> = {}): Promise<Served> {
  const payouts = createPayouts({ storage: memoryStorage(), secret: 'a secret of the tests, 32 bytes.' });
  const app = express();
  app.use('/v1', payoutApi({ payouts, openapi: true }));
  app.use('/docs', apiReference({ path: '/docs', openapi: '/v1/openapi.json', ...over }).node);
  return serve(app);
}

/** Serves on a free port. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

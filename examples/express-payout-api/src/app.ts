import { apiReference } from '@bursar/api-reference';
import { notFound } from '@bursar/core';
import { answerErrors, payoutApi, requireApiKey } from '@bursar/express';
import { wallet } from '@bursar/wallet';
import express, { type Express } from 'express';
import type { Shown } from 'payout-api-host';

/** A server with the whole payout API, and a route of its own behind the same API key. */
export function server({ payouts, board }: Shown): Express {
  const { auth } = payouts;
  const docs = apiReference({ path: '/docs', openapi: '/openapi.json', title: 'Payout API' });
  const page = wallet({ path: '/wallet', api: '/' });
  const app = express();
  app.disable('x-powered-by');

  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    const { ready } = await payouts.checkReadiness();
    response.status(ready ? 200 : 503).json({ ready });
  });

  app.use('/', payoutApi({ payouts, openapi: true }));
  app.use('/docs', docs.node);
  app.use('/wallet', page.node);
  app.use('/dashboard', board.node);
  app.get('/whoami', requireApiKey({ auth }), (_request, response) => {
    response.json({ business: response.locals.business.name });
  });

  app.use((_request, response) => void response.status(404).json(notFound().body));
  app.use(answerErrors({ auth }));
  return app;
}

import { apiReference } from '@bursar/api-reference';
import { notFound } from '@bursar/core';
import { payoutApi, requireApiKey } from '@bursar/hono';
import { wallet } from '@bursar/wallet';
import { Hono } from 'hono';
import type { Shown } from 'payout-api-host';

/** A server with the whole payout API, and a route of its own behind the same API key. */
export function server({ payouts, board }: Shown): Hono {
  const { auth } = payouts;
  const docs = apiReference({ path: '/docs', openapi: '/openapi.json', title: 'Payout API' });
  const page = wallet({ path: '/wallet', api: '/' });
  const app = new Hono();

  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const { ready } = await payouts.checkReadiness();
    return c.json({ ready }, ready ? 200 : 503);
  });

  app.route('/', payoutApi({ payouts, openapi: true }));
  app.all('/docs/*', (c) => docs.fetch(c.req.raw));
  app.all('/wallet/*', (c) => page.fetch(c.req.raw));
  app.all('/dashboard/*', (c) => board.fetch(c.req.raw, c));
  app.get('/whoami', requireApiKey({ auth }), (c) => c.json({ business: c.var.business.name }));

  app.notFound((c) => c.json(notFound().body, 404));
  return app;
}

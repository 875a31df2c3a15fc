import { payoutApi, requireApiKey, requirePayoutHash } from '@bursar/hono';
import type { Payouts } from '@bursar/payouts';
import { Hono } from 'hono';

/** The payout API below `/v1`, and routes of a host's own, one for each option of the guards. */
export function honoApp(payouts: Payouts): Hono {
  const { auth } = payouts;
  const app = new Hono();
  app.route('/v1', payoutApi({ payouts }));
  app.all('/keyed', requireApiKey({ auth }), (c) => c.json({ id: c.var.apiKey.id }));
  app.all('/scoped', requireApiKey({ auth, scope: 'reports:read' }), (c) => c.json({ id: c.var.apiKey.id }));
  app.all('/public', requireApiKey({ auth, publishable: true }), (c) => c.json({ id: c.var.apiKey.id }));
  app.all('/paying', requireApiKey({ auth, payoutsEnabled: true }), (c) => c.json({ id: c.var.apiKey.id }));
  app.all('/hashed', requirePayoutHash({ auth }), (c) => c.json({ id: c.var.payoutUser.id }));
  app.use('/both', requireApiKey({ auth }), requirePayoutHash({ auth }));
  app.all('/both', (c) => c.text('reached'));
  return app;
}

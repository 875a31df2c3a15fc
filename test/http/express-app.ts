import { answerErrors, payoutApi, requireApiKey, requirePayoutHash } from '@bursar/express';
import type { Payouts } from '@bursar/payouts';
import express, { type Express } from 'express';

/** The payout API below `/v1`, and routes of a host's own, one for each option of the guards. */
export function expressApp(payouts: Payouts): Express {
  const { auth } = payouts;
  const app = express();
  app.disable('x-powered-by');
  app.use('/v1', payoutApi({ payouts }));
  app.all('/keyed', requireApiKey({ auth }), (_, res) => void res.json({ id: res.locals.apiKey.id }));
  app.all('/scoped', requireApiKey({ auth, scope: 'reports:read' }), (_, res) => {
    res.json({ id: res.locals.apiKey.id });
  });
  app.all('/public', requireApiKey({ auth, publishable: true }), (_, res) => {
    res.json({ id: res.locals.apiKey.id });
  });
  app.all('/paying', requireApiKey({ auth, payoutsEnabled: true }), (_, res) => {
    res.json({ id: res.locals.apiKey.id });
  });
  app.all('/hashed', requirePayoutHash({ auth }), (_, res) => void res.json({ id: res.locals.payoutUser.id }));
  app.use('/both', requireApiKey({ auth }));
  app.use('/both', requirePayoutHash({ auth }));
  app.all('/both', (_, res) => void res.send('reached'));
  app.use(answerErrors({ auth }));
  return app;
}

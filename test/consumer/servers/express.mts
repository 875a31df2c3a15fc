/** An Express server of a team that installed the packages. */
import { answerErrors, payoutApi, requireApiKey } from '@bursar/express';
import express from 'express';
import { ask, host } from './ask.mjs';

const made = await host();
const { auth } = made.payouts;
const app = express().use('/api', payoutApi({ payouts: made.payouts }));
app.get('/mine', requireApiKey({ auth }), (_, res) => void res.json({ business: res.locals.business.name }));
app.use(answerErrors({ auth }));
await ask('express', app.listen(0, '127.0.0.1'), made);

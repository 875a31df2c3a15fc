import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { payoutApi } from '@bursar/hono';
import { wallet } from '@bursar/wallet';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { BIZ, type Business, business, NOW } from './business.js';
import { seedChance } from './seeded.js';
import { liveThroughWeeks } from './weeks.js';

/** The business with its server. */
export interface World extends Business {
  readonly origin: string;
  /** A payout user's link. */
  readonly walletUrl: string;
  close(): Promise<void>;
}

/** Makes it anew, and the same each time. */
export async function openWorld(): Promise<World> {
  const random = seedChance(1);
  const app = new Hono();
  const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The host for which a browser keeps passkeys without https.
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const made = business(origin, random);
  await liveThroughWeeks(made);
  const hash = await newest(made);
  made.clock.now = NOW;
  serve(app, made, hash);
  return {
    ...made,
    origin,
    walletUrl: `${origin}/wallet#${hash}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Somebody who has got money today, and has asked for some of it. */
async function newest({ payouts, webhooks, clock }: Business): Promise<string> {
  const email = 'maya.okafor@example.com';
  clock.now = NOW - 95 * 60_000;
  const paid = await payouts.create({ businessId: BIZ, email, amount: 63_000, reference: 'Diary study, one month' });
  if (!paid.ok) throw new Error('the payout was refused');
  const { hash, payoutUser } = paid.value;
  const mine = { businessId: BIZ, payoutUserId: payoutUser.id };
  const as = payouts.as({ actorType: 'payout_user', actorId: payoutUser.id, address: '192.0.2.77' });
  const account = { name: 'Maya Okafor', iban: 'GB82WEST12345698765432' };
  const card = { brand: 'books', email };
  for (const [minutes, amount, method, destination] of [
    [50, 26_000, 'bank_transfer', account],
    [28, 5_000, 'gift_card', card],
    [20, 8_000, 'bank_transfer', account],
  ] as const) {
    clock.now = NOW - minutes * 60_000;
    await as.withdrawals.withdraw({ ...mine, method, amount, destination });
    await payouts.withdrawals.runDue();
  }
  for (const minutes of [19, 18, 15, 8, 2]) {
    clock.now = NOW - minutes * 60_000;
    await webhooks.runDue();
  }
  return hash;
}

function serve(app: Hono, { payouts, board }: Business, hash: string): void {
  const page = wallet({ path: '/wallet', api: '/v1', heading: 'Fieldnote Research' });
  app.route('/v1', payoutApi({ payouts }));
  const arabic = wallet({ path: '/wallet-ar', api: '/v1', lang: 'ar', heading: 'Fieldnote Research' });
  app.all('/wallet/*', (c) => page.fetch(c.req.raw));
  app.all('/wallet-ar/*', (c) => arabic.fetch(c.req.raw));
  app.all('/dashboard/*', (c) => board.fetch(c.req.raw, c));
  app.get('/host', (c) => c.html(host(hash)));
}

/** A page of the business's own, with the wallet in it as an element. */
const host = (hash: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Fieldnote Research</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --ink: #23322b; --paper: #f4f1ea; --card: #fffdf8;
  --bursar-accent: #1d6b4f; --bursar-on-accent: #fff; --bursar-background: transparent; --bursar-surface: var(--card);
  --bursar-radius: 4px; --bursar-accent-dark: #7fd3b0; --bursar-on-accent-dark: #0c1a14;
  --bursar-background-dark: transparent; --bursar-surface-dark: var(--card); }
@media (prefers-color-scheme: dark) { :root { --ink: #e9efe9; --paper: #141a17; --card: #1e2723; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
.top { padding: 1rem 1.5rem; background: #1d6b4f; color: #fff; font-size: 1.25rem; }
.columns { display: grid; gap: 2rem; max-width: 64rem; margin: 1.5rem auto; padding: 0 1rem; }
@media (min-width: 50rem) { .columns { grid-template-columns: 1fr 26rem; } }
h1 { margin: 0 0 .5rem; font-weight: 500; }
</style>
</head>
<body>
<div class="top">Fieldnote Research</div>
<div class="columns">
<div><h1>Thank you, Maya.</h1>
<p>Your diary is in. What you have earned is here, in the colours of this site.</p></div>
<bursar-wallet api="/v1" heading=""></bursar-wallet>
</div>
<script>document.querySelector('bursar-wallet').payoutHash = '${hash}';</script>
<script type="module" src="/wallet/wallet.js"></script>
</body>
</html>`;

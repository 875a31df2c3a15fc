import { existsSync } from 'node:fs';
import { payoutApi } from '@bursar/hono';
import type { PayoutsOptions } from '@bursar/payouts';
import { getRequestListener } from '@hono/node-server';
import axe from 'axe-core';
import { Hono } from 'hono';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { type WalletOptions, wallet } from '../src/index.js';
import { type Scene, scene } from './scene.js';
import { type Served, serve } from './server.js';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';

let browser: Browser | undefined;

/** Starts the browser, where there is one. */
export async function startBrowser(): Promise<void> {
  if (!existsSync(CHROMIUM)) return;
  // Without a sandbox of its own, which root, as in CI, cannot have.
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** Ends it. */
export async function stopBrowser(): Promise<void> {
  await browser?.close();
}

/** A server with the API and the wallet, and a page of the browser that shows it. */
export interface Opened extends Scene {
  readonly page: Page;
  /** The wallet's address, without a link. */
  readonly url: string;
  readonly origin: string;
  /** The URLs and referrers that the server was sent. */
  readonly sent: string[];
  /** What the browser complained of. */
  readonly complaints: string[];
  /** How often a withdrawal was asked for, and its keys. */
  readonly keys: string[];
}

/** What is special about one. */
export interface OpenOptions {
  readonly wallet?: Partial<WalletOptions>;
  readonly payouts?: Partial<PayoutsOptions>;
  readonly browser?: BrowserContextOptions;
  /** What comes after the `#`; the payout hash by default, nothing for `null`. */
  readonly link?: string | null;
}

const closing: (() => Promise<void>)[] = [];

/** Closes what the test has opened. */
export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Opens the wallet in a browser with nothing kept. */
export async function open(context: TestContext, options: OpenOptions = {}): Promise<Opened> {
  if (browser === undefined) return context.skip('install Chromium to have the page shown: apt-get install chromium');
  const made = await scene(options.payouts);
  const sent: string[] = [];
  const keys: string[] = [];
  const app = new Hono();
  const served: Served = await serve(getRequestListener(app.fetch));
  closing.push(() => served.close());
  const elsewhere = served.origin.replace('127.0.0.1', 'localhost');
  const walletPage = wallet({ path: '/wallet', api: '/v1', allowedFrameOrigins: [elsewhere], ...options.wallet });
  app.use(async (c, next) => {
    sent.push(`${c.req.url} ${c.req.header('referer') ?? ''}`);
    const key = c.req.header('idempotency-key');
    if (key !== undefined) keys.push(key);
    await next();
  });
  app.route('/v1', payoutApi({ payouts: made.payouts, cors: { origins: [elsewhere] } }));
  app.all('/wallet/*', (c) => walletPage.fetch(c.req.raw));
  app.get('/host', (c) =>
    c.html(
      `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Host</title><h1>Ours</h1>` +
        `<bursar-wallet api="${served.origin}/v1" heading=""></bursar-wallet>` +
        `<script type="module" src="${served.origin}/wallet/wallet.js"></script>`,
    ),
  );
  app.get('/signed-in', (c) =>
    c.html(
      `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Host</title><bursar-wallet api="/v1"></bursar-wallet>` +
        `<script>document.querySelector('bursar-wallet').payoutHash = '${made.hash}';</script>` +
        `<script type="module" src="/wallet/wallet.js"></script>`,
    ),
  );
  app.get('/frame', (c) =>
    c.html(
      `<!doctype html><link rel="icon" href="data:,"><title>Frame</title><iframe src="${served.origin}/wallet#${made.hash}">`,
    ),
  );

  const tab = await browser.newContext({ locale: 'en-US', ...options.browser });
  closing.push(() => tab.close());
  const page = await tab.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'info') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  const url = `${served.origin}/wallet`;
  const link = options.link === undefined ? made.hash : options.link;
  await page.goto(link === null ? url : `${url}#${link}`);
  return { ...made, page, url, origin: served.origin, sent, complaints, keys };
}

/** What axe finds wrong in the page as it is now. */
export async function violations(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => html + failureSummary)]))`);
}

/** Fills in the form of the gift card. */
export async function fillGiftCard(page: Page, amount = '25', email = 'ada@example.com'): Promise<void> {
  await page.getByRole('radio', { name: /Gift card/ }).check();
  await page.getByLabel('Amount (USD)').fill(amount);
  await page.getByLabel('Brand').selectOption('books');
  await page.getByLabel('Email').fill(email);
}

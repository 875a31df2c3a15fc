/** The page in a real browser, which may reach this machine alone. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type Served, serveDocs } from './server.js';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';

let browser: Browser | undefined;
let served: Served;

beforeAll(async () => {
  served = await serveDocs();
  if (!existsSync(CHROMIUM)) return;
  // Without a sandbox of its own, which root, as in CI, cannot have.
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await served.close();
});

interface Opened {
  readonly page: Page;
  /** What it asked of other machines, which it was refused. */
  readonly foreign: string[];
  /** What the browser complained of. */
  readonly complaints: string[];
}

async function open(context: TestContext, path: string): Promise<Opened> {
  if (browser === undefined) return context.skip('install Chromium to have the page shown: apt-get install chromium');
  const page = await browser.newPage();
  const foreign: string[] = [];
  const complaints: string[] = [];
  const isForeign = (url: URL): boolean => url.hostname !== '127.0.0.1';
  await page.route(isForeign, async (route) => {
    foreign.push(route.request().url());
    await route.abort();
  });
  page.on('console', (message) => {
    if (message.type() !== 'info') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(served.origin + path);
  await page.getByText('Give a payout user money').first().waitFor();
  return { page, foreign, complaints };
}

describe('the page', { timeout: 120_000 }, () => {
  it('shows the routes and where they are, and asks nothing of another host', async (context) => {
    for (const path of ['/docs', '/docs/']) {
      const { page, foreign, complaints } = await open(context, path);
      await page.getByRole('button', { name: 'Payout user', exact: false }).first().click();
      await page.getByText('Withdraw money').first().waitFor();
      expect(await page.locator('body').textContent()).toContain(`${served.origin}/v1`);
      expect([foreign, complaints]).toEqual([[], []]);
      await page.close();
    }
  });

  it('could ask nothing of another host: its policy lets no request and no foreign script out', async (context) => {
    const { page, foreign, complaints } = await open(context, '/docs');
    const outcome = await page.evaluate(`(async () => {
      const script = document.createElement('script');
      script.src = 'https://bursar.test/x.js';
      const refused = new Promise((resolve) => script.addEventListener('error', () => resolve('refused')));
      document.head.append(script);
      const asked = await fetch('https://bursar.test/').then(() => 'went out', () => 'refused');
      return [asked, await refused];
    })()`);
    expect(outcome).toEqual(['refused', 'refused']);
    expect(foreign).toEqual([]);
    expect(complaints.join('\n')).toMatch(/Content Security Policy/);
    await page.close();
  });
});

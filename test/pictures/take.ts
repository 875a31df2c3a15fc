import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserType, Page } from 'playwright-core';
import { NOW } from './business.js';
import { DASHBOARD_SHOTS } from './dashboard-shots.js';
import { withFont } from './font.js';
import { FORMS, type Form, fileOf, SCHEMES, type Scheme, type Shot } from './shots.js';
import { WALLET_SHOTS } from './wallet-shots.js';
import { openWorld, type World } from './world.js';

const CHROMIUM = '/usr/bin/chromium';
const QUALITY = 80;

/** Takes the pictures whose names begin so, and answers what was written, as lines to print. */
export async function takePictures(chromium: BrowserType, folder: string, beginning = ''): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const lines: string[] = [];
  await withFont(async (env) => {
    // Without a sandbox of its own, which root cannot have.
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--hide-scrollbars'],
      env,
    });
    try {
      for (const form of Object.keys(FORMS) as Form[]) {
        for (const scheme of SCHEMES) lines.push(...(await takeAll(browser, folder, form, scheme, beginning)));
      }
    } finally {
      await browser.close();
    }
  });
  return lines;
}

/** What a picture shows may depend on the ones before: all are gone through, and those that are asked for are kept. */
async function takeAll(browser: Browser, folder: string, form: Form, scheme: Scheme, beginning: string) {
  const lines: string[] = [];
  const world = await openWorld();
  const settings = { ...FORMS[form], colorScheme: scheme, locale: 'en-US', timezoneId: 'UTC' };
  const page = await (await browser.newContext({ ...settings, reducedMotion: 'reduce' })).newPage();
  try {
    for (const shot of [...DASHBOARD_SHOTS, ...WALLET_SHOTS]) {
      const image = await take(browser, page, world, shot);
      if (!shot.name.startsWith(beginning)) continue;
      const file = fileOf(shot, form, scheme);
      writeFileSync(join(folder, file), image);
      lines.push(`${file} ${(image.length / 1000).toFixed(0)} kB`);
    }
  } finally {
    await page.context().close();
    await world.close();
  }
  return lines;
}

async function take(browser: Browser, page: Page, world: World, { show }: Shot): Promise<Buffer> {
  const visit = async (path: string): Promise<void> => {
    await page.goto(`${world.origin}/dashboard${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  await page.clock.setFixedTime(NOW);
  // What is done takes time, as the audit log shows it.
  world.clock.now += 50_000;
  await show({ browser, page, world, visit });
  await page.waitForLoadState('networkidle');
  await page.getByText('Loading …').waitFor({ state: 'hidden' });
  await page.evaluate('document.activeElement?.blur()');
  const session = await page.context().newCDPSession(page);
  // Playwright's own screenshots are PNG and JPEG: both several times as large.
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  return Buffer.from(data, 'base64');
}

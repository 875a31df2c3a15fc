/** Every page, for people who see little, use a phone, or no mouse. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browsing, type Opened } from './browsing.js';
import { BIZ } from './scene.js';

const open = browsing();

const PAGES = ['overview', 'users', 'withdrawals', 'keys', 'webhooks', 'usage', 'audit', 'settings', 'account'];

/** Something of everything, and the paths that show it. */
async function filled({ board }: Opened): Promise<readonly string[]> {
  const { id: user } = await board.pay('ann@example.com', 500_000);
  const withdrawal = await board.withdraw(user, 60_000);
  await board.payouts.withdrawals.fail({
    businessId: BIZ,
    id: await board.withdraw(user, 1000),
    actor: 'test',
    reason: 'No such account',
  });
  await board.payouts.auth.apiKeys.issue({ businessId: BIZ, name: 'Web server' });
  await board.failDelivery();
  return [...PAGES, `users/${user}`, `withdrawals/${withdrawal}`].map((path) => `/live/${path}`);
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<readonly { id: string; nodes: readonly { html: string }[] }[]>(
    'axe.run().then(({ violations }) => violations)',
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Waits until everything that the page asks for is there. */
async function complete(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await expect.poll(() => page.getByText('Loading …').count()).toBe(0);
}

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it('axe finds nothing wrong on any page, on a phone neither', { timeout: 240_000 }, async (context) => {
    const opened = await open(context, { colorScheme });
    const { page, enter, visit, complaints } = opened;
    await visit('/sign-in');
    expect(await violations(page)).toEqual([]);
    const paths = await filled(opened);
    await enter();
    for (const path of paths) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await visit(path);
      await complete(page);
      expect([path, await violations(page)]).toEqual([path, []]);
      await page.setViewportSize({ width: 360, height: 740 });
      expect([path, await violations(page)]).toEqual([path, []]);
      const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect([path, wider]).toEqual([path, 0]);
    }
    expect(complaints).toEqual([]);
  });

  it('axe finds nothing wrong with a form and its errors', { timeout: 60_000 }, async (context) => {
    const { page, enter } = await open(context, { colorScheme });
    await enter('/live/keys');
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('The name field is required.').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('by keyboard alone', { timeout: 60_000 }, () => {
  it('an API key is made', async (context) => {
    const { page, enter } = await open(context);
    await enter('/live/keys');
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    while ((await focused()) !== 'New API key') await press('Tab');
    await press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('Web server');
    await press('Enter');
    await page.getByText(/bursar_live_\w{38}/).waitFor();
  });

  it('a dialog is left by Escape, and the button that opened it has the focus again', async (context) => {
    const { page, enter } = await open(context);
    await enter('/live/keys');
    await page.getByRole('button', { name: 'New API key' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('New API key');
  });
});

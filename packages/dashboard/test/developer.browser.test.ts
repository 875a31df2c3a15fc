/** What developers and owners do, in a real browser. */
import { payoutApi } from '@bursar/hono';
import { describe, expect, it } from 'vitest';
import { browsing } from './browsing.js';
import { BIZ } from './scene.js';

const open = browsing();

describe('API keys', { timeout: 60_000 }, () => {
  it('are made with scopes, shown once, and copied', async (context) => {
    const { page, board, enter } = await open(context, { permissions: ['clipboard-read', 'clipboard-write'] });
    await enter('/live/keys');
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('The name field is required.').waitFor();
    await page.getByLabel('Name').fill('Web server');
    await page.getByLabel('users:read').check();
    await page.getByRole('button', { name: 'Make the key' }).dblclick();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    const key = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(await board.payouts.auth.verifyApiKey(key)).toMatchObject({ apiKey: { scopes: ['users:read'] } });
    expect(await board.payouts.auth.apiKeys.list({ businessId: BIZ })).toHaveLength(1);
    await page.reload();
    await page.getByRole('cell', { name: 'Web server' }).waitFor();
    expect(await page.textContent('main')).not.toContain(key);
  });

  it('are rotated with an overlap, and revoked', async (context) => {
    const { page, board, enter } = await open(context);
    const { apiKey } = await board.payouts.auth.apiKeys.issue({ businessId: BIZ, name: 'Old' });
    await enter('/live/keys');
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.getByLabel('The old key goes on working').selectOption('3600');
    await page.getByRole('button', { name: 'Make the new key' }).click();
    await page.getByText(/bursar_live_\w{38}/).waitFor();
    const named = { businessId: BIZ, id: apiKey.id };
    expect((await board.payouts.auth.apiKeys.find(named))?.expiresAt).toBe(board.clock.now + 3_600_000);
    await expect.poll(() => page.getByRole('button', { name: 'Revoke' }).count()).toBe(2);
    for (const left of [1, 0]) {
      await page.getByRole('button', { name: 'Revoke' }).first().click();
      await page.getByRole('button', { name: 'Revoke the key' }).click();
      await expect.poll(() => page.getByRole('button', { name: 'Revoke' }).count()).toBe(left);
    }
    expect((await board.payouts.auth.apiKeys.find(named))?.revokedAt).toBe(board.clock.now);
  });
});

describe('webhooks', { timeout: 60_000 }, () => {
  it('have endpoints that are added, switched off and removed', async (context) => {
    const { page, enter } = await open(context);
    await enter('/live/webhooks');
    await page.getByRole('button', { name: 'New endpoint' }).click();
    await page.getByLabel('URL').fill('ftp://example.com');
    await page.getByRole('button', { name: 'Add the endpoint' }).click();
    await page
      .getByRole('dialog')
      .getByText(/The url/)
      .waitFor();
    await page.getByLabel('URL').fill('http://127.0.0.1:9/hook');
    await page.getByRole('button', { name: 'Add the endpoint' }).click();
    await page.getByText(/whsec_/).waitFor();
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('cell', { name: 'Disabled by Ada' }).waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove the endpoint' }).click();
    await page.getByText('No server is told of events yet.').waitFor();
  });

  it('have deliveries that are sent again', async (context) => {
    const { page, board, enter } = await open(context);
    await board.failDelivery();
    await enter('/live/webhooks');
    await page
      .getByRole('row', { name: /Failed 1 500/ })
      .getByRole('button', { name: 'Send again' })
      .click();
    await page.getByRole('row', { name: /Pending 0/ }).waitFor();
  });
});

describe('usage', { timeout: 60_000 }, () => {
  it('has a chart by day, and a line for each key', async (context) => {
    const { page, board, enter } = await open(context);
    const { key } = await board.payouts.auth.apiKeys.issue({ businessId: BIZ, name: 'Web server' });
    const api = payoutApi({ payouts: board.payouts });
    for (const path of ['/balance', '/balance', '/payout/users?limit=0']) {
      await api.request(path, { headers: { authorization: `Bearer ${key}` } });
    }
    await enter('/live/usage');
    await page.getByRole('img', { name: 'Requests: 3 in 30 days' }).waitFor();
    await page.getByRole('row', { name: 'Web server 3 1' }).waitFor();
    await page.getByLabel('Days', { exact: true }).selectOption('7');
    await page.getByRole('img', { name: 'Requests: 3 in 7 days' }).waitFor();
    await page.getByText('Show as a table').click();
    await page.getByRole('row', { name: '2026-11-25 2 1' }).waitFor();
  });
});

describe('the audit log', { timeout: 60_000 }, () => {
  it('says who did what', async (context) => {
    const { page, board, enter } = await open(context);
    await board.pay('ann@example.com', 100);
    await enter('/live/audit');
    await page.getByRole('row', { name: /Ada Operator Operator sign in/ }).waitFor();
    await page.getByRole('row', { name: /system System Payout create/ }).waitFor();
  });
});

describe('settings', { timeout: 60_000 }, () => {
  it('switch payouts off, which every page that pays then says, and on again', async (context) => {
    const { page, enter } = await open(context);
    await enter('/live/settings');
    await page.getByRole('button', { name: 'Switch payouts off' }).click();
    await page.getByText('Payouts are off.').waitFor();
    await page.getByRole('link', { name: 'Payout users' }).click();
    await page.getByRole('button', { name: 'New payout' }).click();
    await page.getByRole('dialog').getByLabel('Email').fill('ann@example.com');
    await page.getByLabel('Amount').fill('1');
    await page.getByRole('button', { name: 'Give the money' }).click();
    await page.getByText('Payouts are currently disabled. Please enable them in Settings.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Switch payouts on' }).click();
    await page.getByText('Payouts are on.').waitFor();
  });

  it('have operators, who come by a link', async (context) => {
    const { page, enter } = await open(context);
    await enter('/live/settings');
    await page.getByRole('button', { name: 'Add an operator' }).click();
    await page.getByLabel('Name').fill('ada');
    await page.getByRole('button', { name: 'Add and make a link' }).click();
    await page.getByText('The name is that of another operator.').waitFor();
    await page.getByLabel('Name').fill('Otto');
    await page.getByLabel('Role').selectOption('operator');
    await page.getByRole('button', { name: 'Add and make a link' }).click();
    const link = (await page.getByText(/\/sign-in#/).textContent()) ?? '';
    await page.context().clearCookies();
    await page.goto(link);
    await page.getByText('Otto (operator)').waitFor();
  });
});

/** What goes wrong while somebody works, in a real browser. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browsing } from './browsing.js';
import { BIZ } from './scene.js';

const open = browsing();

const MARKUP = '<img src=x onerror=alert(1)>';
const HOSTILE = `${MARKUP}\u202etxt`;

async function fillPayout(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New payout' }).click();
  await page.getByRole('dialog').getByLabel('Email').fill('ann@example.com');
  await page.getByLabel('Amount').fill('100');
}

/** The Idempotency-Keys that payouts are asked for with. */
function keysOf(page: Page): readonly (string | undefined)[] {
  const keys: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/payout/create')) keys.push(request.headers()['idempotency-key']);
  });
  return keys;
}

describe('a payout', { timeout: 60_000 }, () => {
  it('is asked for once where the button is clicked twice', async (context) => {
    const { page, board, enter } = await open(context);
    const keys = keysOf(page);
    await enter('/live/users');
    await fillPayout(page);
    await page.getByRole('button', { name: 'Give the money' }).dblclick();
    await page.getByRole('cell', { name: '$100.00' }).waitFor();
    expect(keys).toHaveLength(1);
    expect((await board.payouts.balance({ businessId: BIZ })).payoutBalance).toBe(1_990_000);
  });

  it('whose connection is lost before the server heard of it is made by the same key, with what was typed', async (context) => {
    const { page, board, enter } = await open(context);
    const keys = keysOf(page);
    await enter('/live/users');
    await fillPayout(page);
    await page.route('**/payout/create', (route) => route.abort());
    await page.getByRole('button', { name: 'Give the money' }).click();
    await page.getByText('Whether it was done is not known').waitFor();
    expect((await board.payouts.balance({ businessId: BIZ })).payoutBalance).toBe(2_000_000);
    await page.unroute('**/payout/create');
    await page.getByRole('button', { name: 'Give the money' }).click();
    await page.getByText('The payout user’s link.').waitFor();
    expect((await board.payouts.balance({ businessId: BIZ })).payoutBalance).toBe(1_990_000);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });
});

describe('a decision about a withdrawal', { timeout: 60_000 }, () => {
  it('whose answer is lost is made once, when it is sent again', async (context) => {
    const { page, board, enter } = await open(context);
    const { id: user } = await board.pay('ann@example.com', 10_000);
    const id = await board.withdraw(user, 1000);
    await enter(`/live/withdrawals/${id}`);
    await page.getByRole('button', { name: 'Fail' }).click();
    await page.getByLabel('Reason').fill('No such account');
    const [line, send] = [
      `**/payout/withdrawals/${id}`,
      page.getByRole('dialog').getByRole('button', { name: 'Fail' }),
    ];
    await page.route(line, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await send.click();
    await page.getByText('Whether it was done is not known').waitFor();
    expect(await page.getByLabel('Reason').inputValue()).toBe('No such account');
    await page.unroute(line);
    await send.click();
    await page.getByRole('heading', { name: '$10.00 Failed' }).waitFor();
    const { balance } = await board.payouts.payoutUserBalance({ businessId: BIZ, payoutUserId: user });
    expect(balance).toBe(10_000);
    const decided = await board.payouts.withdrawals.history({ businessId: BIZ, id });
    expect(decided?.history.filter(({ status }) => status === 'failed')).toHaveLength(1);
  });
});

describe('settings', { timeout: 60_000 }, () => {
  it('say at the field what is wrong, and keep what was typed', async (context) => {
    const { page, enter } = await open(context);
    await enter('/live/settings');
    const field = page.getByLabel('Two people approve');
    await field.fill('1,000');
    await page.getByRole('button', { name: 'Save the amount' }).click();
    const problem = page.getByText('The amount must be like 12.50');
    await problem.waitFor();
    const described = await field.getAttribute('aria-describedby');
    expect(described?.split(' ')).toContain(await problem.getAttribute('id'));
    expect([await field.inputValue(), await field.getAttribute('aria-invalid')]).toEqual(['1,000', 'true']);
  });
});

describe('names with HTML and marks of direction', { timeout: 60_000 }, () => {
  it('are text by themselves: of a key, an operator, and in a reason', async (context) => {
    const { page, board, enter, visit, complaints } = await open(context);
    const { id: user } = await board.pay('ann@example.com', 10_000);
    const id = await board.withdraw(user, 1000);
    await board.payouts.withdrawals.fail({ businessId: BIZ, id, actor: HOSTILE, reason: HOSTILE });
    await board.payouts.auth.apiKeys.issue({ businessId: BIZ, name: HOSTILE });
    await board.board.createSignInLink({ name: MARKUP, role: 'viewer' });
    await enter('/live/keys');
    await page.locator('bdi').getByText(HOSTILE, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Revoke' }).click();
    const title = await page.getByRole('dialog').getByRole('heading').textContent();
    expect(title).toBe(`Revoke “\u2068${HOSTILE}\u2069”?`);
    for (const path of ['settings', 'overview', `withdrawals/${id}`, 'audit']) {
      await visit(`/live/${path}`);
      await page.locator('bdi').filter({ hasText: MARKUP }).first().waitFor();
    }
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

/** The daily work, in a real browser. */
import { describe, expect, it } from 'vitest';
import { browsing } from './browsing.js';
import { BIZ } from './scene.js';

const open = browsing();

describe('the overview', { timeout: 60_000 }, () => {
  it('shows balances, the chart and what has failed', async (context) => {
    const { page, board, enter, complaints } = await open(context);
    const { id: user } = await board.pay('ann@example.com', 500_000);
    const id = await board.withdraw(user, 1234);
    await board.payouts.withdrawals.fail({ businessId: BIZ, id, actor: 'test', reason: 'No such account' });
    await enter();
    await page.getByText('$15,000.00').waitFor();
    await page.getByRole('img', { name: 'Withdrawals: $12.34 in 30 days' }).waitFor();
    await page.getByText('No such account').waitFor();
    await page.getByRole('link', { name: '$12.34 by bank' }).click();
    await page.getByRole('heading', { name: '$12.34 Failed' }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('payout users', { timeout: 60_000 }, () => {
  it('get money by a form that says what is wrong and keeps what was typed', async (context) => {
    const { page, board, enter } = await open(context, { options: { walletUrl: 'https://pay.example.com/wallet' } });
    await enter('/live/users');
    await page.getByRole('button', { name: 'New payout' }).click();
    await page.getByLabel('Email', { exact: true }).last().fill('no address');
    await page.getByLabel('Amount').fill('12.5x');
    await page.getByRole('button', { name: 'Give the money' }).click();
    await page.getByText('The email must be a valid email address.').waitFor();
    await page.getByText('The amount must be like 12.50').waitFor();
    const email = page.getByRole('dialog').getByLabel('Email');
    expect([await email.inputValue(), await email.getAttribute('aria-invalid')]).toEqual(['no address', 'true']);
    await email.fill('ann@example.com');
    await page.getByLabel('Amount').fill('12.50');
    await page.getByRole('button', { name: 'Give the money' }).dblclick();
    await page.getByText(/https:\/\/pay\.example\.com\/wallet#[0-9a-f]{64}/).waitFor();
    await page.getByRole('cell', { name: '$12.50' }).waitFor();
    expect((await board.payouts.balance({ businessId: BIZ })).payoutBalance).toBe(1_998_750);
  });

  it('get money once where the answer was lost and the form is sent again', async (context) => {
    const { page, board, enter } = await open(context);
    await enter('/live/users');
    await page.getByRole('button', { name: 'New payout' }).click();
    await page.getByRole('dialog').getByLabel('Email').fill('ann@example.com');
    await page.getByLabel('Amount').fill('100');
    await page.route('**/payout/create', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Give the money' }).click();
    await page.getByText('Whether it was done is not known').waitFor();
    await page.unroute('**/payout/create');
    await page.getByRole('button', { name: 'Give the money' }).click();
    await page.getByText('The payout user’s link.').waitFor();
    expect((await board.payouts.balance({ businessId: BIZ })).payoutBalance).toBe(1_990_000);
  });

  it('are found by their address and page by page', async (context) => {
    const { page, board, enter } = await open(context);
    for (let count = 0; count < 60; count++) await board.pay(`user${count}@example.com`, 100);
    await enter('/live/users');
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(61);
    await page.getByLabel('Email').fill('USER7@example.com');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'user7@example.com' }).waitFor();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
  });

  it('get a new link, which is shown once and ends the old one', async (context) => {
    const { page, board, enter } = await open(context);
    const { id, hash } = await board.pay('ann@example.com', 100);
    await enter(`/live/users/${id}`);
    await page.getByRole('button', { name: 'New link' }).click();
    await page.getByRole('button', { name: 'Make a new link' }).click();
    const fresh =
      (await page
        .getByRole('status')
        .filter({ has: page.locator('code') })
        .textContent()) ?? '';
    expect(await board.payouts.auth.verifyPayoutHash(fresh)).toMatchObject({ ok: true });
    expect(await board.payouts.auth.verifyPayoutHash(hash)).toMatchObject({ ok: false });
    await page.reload();
    await page.getByRole('heading', { name: 'ann@example.com' }).waitFor();
    expect(await page.textContent('main')).not.toContain(fresh);
  });

  it('are disabled, get an expiry, and have their history', async (context) => {
    const { page, board, enter } = await open(context);
    const { id } = await board.pay('ann@example.com', 100);
    await enter(`/live/users/${id}`);
    await page.getByRole('cell', { name: '+$1.00' }).waitFor();
    await page.getByRole('button', { name: 'Status' }).click();
    await page.getByRole('dialog').getByLabel('Status').selectOption('inactive');
    await page.getByRole('button', { name: 'Change the status' }).click();
    await page.getByRole('heading', { name: 'ann@example.com Inactive' }).waitFor();
    await page.getByRole('button', { name: 'Expiry' }).click();
    await page.getByLabel('Works until').fill('2030-06-30');
    await page.getByRole('button', { name: 'Change the expiry' }).click();
    await page.getByText('Jun 30, 2030').waitFor();
  });

  it('show HTML, scripts and marks of direction of somebody else as text', async (context) => {
    const { page, board, enter, complaints } = await open(context);
    const reference = '<script>alert(1)</script><img src=x onerror=alert(1)>\u202egnp.exe';
    const paid = await board.payouts.create({ businessId: BIZ, email: "o'x@example.com", amount: 100, reference });
    expect(paid.ok).toBe(true);
    await enter('/live/users');
    await page.getByRole('link', { name: "o'x@example.com" }).click();
    await page.locator('bdi', { hasText: reference }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('withdrawals', { timeout: 60_000 }, () => {
  it('are filtered by where they stand, and settled by hand with a reason', async (context) => {
    const { page, board, enter } = await open(context);
    const { id: user } = await board.pay('ann@example.com', 500_000);
    await board.withdraw(user, 60_000);
    await board.withdraw(user, 1000);
    await enter('/live/withdrawals');
    await page.getByLabel('Show').selectOption('queued');
    await page.getByRole('link', { name: '$10.00' }).click();
    await page.getByRole('button', { name: 'Settle' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Settle' }).click();
    await page.getByText('The reason field is required.').waitFor();
    await page.getByLabel('Reason').fill('On the statement of today');
    await page.getByRole('dialog').getByRole('button', { name: 'Settle' }).click();
    await page.getByRole('heading', { name: '$10.00 Succeeded' }).waitFor();
    await page.getByRole('cell', { name: 'operator:Ada' }).waitFor();
  });

  it('are refused, and the payout user has the money again', async (context) => {
    const { page, board, enter } = await open(context);
    const { id: user } = await board.pay('ann@example.com', 500_000);
    const id = await board.withdraw(user, 60_000);
    await enter(`/live/withdrawals/${id}`);
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByLabel('Reason').fill('Not yours');
    await page.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click();
    await page.getByRole('heading', { name: '$600.00 Rejected' }).waitFor();
    const { balance } = await board.payouts.payoutUserBalance({ businessId: BIZ, payoutUserId: user });
    expect(balance).toBe(500_000);
  });

  it('over the amount go when a second person approves them', async (context) => {
    const { page, board, enter, visit } = await open(context);
    const { id: user } = await board.pay('ann@example.com', 500_000);
    const id = await board.withdraw(user, 60_000);
    await enter('/live/settings');
    await page.getByLabel('Two people approve').fill('500');
    await page.getByRole('button', { name: 'Save the amount' }).click();
    await page.getByText('Saved.').waitFor();
    await visit(`/live/withdrawals/${id}`);
    const approve = async () => {
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    };
    await approve();
    await page.getByText('Another operator has to confirm it.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to payouts' }).waitFor();
    await enter(`/live/withdrawals/${id}`, 'Otto', 'operator');
    await page.getByText('You can confirm it.').waitFor();
    await approve();
    await page.getByRole('heading', { name: '$600.00 Queued' }).waitFor();
  });

  it('are only looked at by a viewer', async (context) => {
    const { page, board, enter } = await open(context);
    const { id: user } = await board.pay('ann@example.com', 500_000);
    const id = await board.withdraw(user, 60_000);
    await enter(`/live/withdrawals/${id}`, 'Vera', 'viewer');
    await page.getByRole('heading', { name: '$600.00 Review' }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });
});

/** The wallet in a real browser, on the real API: what a payout user does, and what goes wrong meanwhile. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, fillGiftCard, type Opened, open, startBrowser, stopBrowser } from './browser.js';
import { BUSINESS_ID, HOSTILE } from './scene.js';

beforeAll(startBrowser, 60_000);
afterAll(stopBrowser);
afterEach(closeAll);

const WITHDRAW = '**/payout/withdraw';

const withdraw = ({ page }: Opened) => page.getByRole('button', { name: 'Withdraw', exact: true }).click();
const accepted = ({ page }: Opened) => page.getByText(/Your withdrawal of .* was accepted/).waitFor();

describe('the link', { timeout: 60_000 }, () => {
  it('opens the wallet, leaves the address bar, and is sent in no URL', async (context) => {
    const { page, hash, url, sent, complaints } = await open(context);
    await page.getByText('$100.00', { exact: true }).waitFor();
    expect(page.url()).toBe(url);
    expect(await page.evaluate('history.length')).toBe(2);
    await page.reload();
    await page.getByText('$100.00', { exact: true }).waitFor();
    expect(sent.length).toBeGreaterThan(8);
    expect(sent.filter((line) => line.includes(hash) || !line.endsWith(' '))).toEqual([]);
    expect(await page.evaluate('[document.cookie, localStorage.length, sessionStorage.length]')).toEqual(['', 0, 1]);
    expect(await page.content()).not.toContain(hash);
    expect(complaints).toEqual([]);
  });

  it('of another payout user that is opened in the same tab is the one that counts', async (context) => {
    const { page, payouts, url } = await open(context);
    await page.getByText('$100.00', { exact: true }).waitFor();
    const other = await payouts.create({ businessId: BUSINESS_ID, email: 'bob@example.com', amount: 4200 });
    if (!other.ok) throw new Error('the payout user was not opened');
    await page.goto(`${url}#hash=${other.value.hash}`);
    await page.getByText('$42.00', { exact: true }).waitFor();
    expect(page.url()).toBe(url);
  });

  it.for([
    ['missing', null, 'Open the link that you were sent'],
    ['cut off', 'abcdef0123456789abcdef', 'This link is not complete'],
    ['of nobody', 'f'.repeat(64), 'This link does not work any more'],
  ] as const)('that is %s is said to be', async ([_, link, title], context) => {
    const { page, url } = await open(context, { link });
    await page.getByRole('heading', { name: title }).waitFor();
    expect(page.url()).toBe(url);
  });

  it('that has expired says so, also while the wallet is open', async (context) => {
    const { page, payouts, payoutUserId } = await open(context);
    await page.getByText('$100.00', { exact: true }).waitFor();
    await payouts.auth.payoutUsers.change({ businessId: BUSINESS_ID, id: payoutUserId, status: 'inactive' });
    await page.reload();
    await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  });

  it('works while payouts are on, and says so when they are off', async (context) => {
    const { page, payouts } = await open(context);
    await page.getByText('$100.00', { exact: true }).waitFor();
    await payouts.auth.businesses.setPayoutsEnabled(BUSINESS_ID, false);
    await page.reload();
    await page.getByRole('heading', { name: 'Payouts are switched off at the moment' }).waitFor();
    await payouts.auth.businesses.setPayoutsEnabled(BUSINESS_ID, true);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('$100.00', { exact: true }).waitFor();
  });
});

describe('a withdrawal', { timeout: 60_000 }, () => {
  it('is made by a choice and an address, and followed until it is paid', async (context) => {
    const opened = await open(context, { link: null });
    const { page, url, hash, payouts, count } = opened;
    await page.clock.install();
    await page.goto(`${url}#${hash}`);
    await fillGiftCard(page);
    await page.getByText('$25.00 to you and $0.25 as the fee: $25.25 of your balance.').waitFor();
    await withdraw(opened);
    await accepted(opened);
    await page.getByText('$74.75', { exact: true }).waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'books, a…' });
    await row.getByText('waiting to be sent').waitFor();
    await payouts.withdrawals.runDue();
    await page.clock.fastForward(3000);
    await row.getByText('paid', { exact: true }).waitFor();
    expect(await page.getByRole('status').first().textContent()).toBe('Withdrawal of $25.00: paid.');
    expect(await count()).toBe(1);
  });

  it('that the provider refuses comes back, with the reason as text', async (context) => {
    const opened = await open(context, { link: null });
    const { page, url, hash, payouts, complaints } = opened;
    await page.clock.install();
    await page.goto(`${url}#${hash}`);
    await fillGiftCard(page, '25', 'refuse@example.com');
    await withdraw(opened);
    await accepted(opened);
    await payouts.withdrawals.runDue();
    await page.clock.fastForward(3000);
    await page.getByText('failed: you have the money again').first().waitFor();
    await page.getByText('$100.00', { exact: true }).waitFor();
    expect(
      await page
        .getByText(HOSTILE, { exact: true })
        .first()
        .evaluate((node: { readonly localName: string }) => node.localName),
    ).toBe('bdi');
    expect(complaints).toEqual([]);
  });

  it('is made with a group, a date, a number, a box and what is optional left out', async (context) => {
    const opened = await open(context);
    const { page, count } = opened;
    await page.getByRole('radio', { name: /Cheque/ }).check();
    await page.getByLabel('Amount (USD)').fill('10');
    await page.getByLabel('Name on the cheque').fill('Ada');
    const group = page.getByRole('group', { name: 'Address' });
    await group.getByLabel('Street').fill('Main St 1');
    await group.getByLabel('ZIP').fill('1234');
    await page.getByLabel('Born').fill('1990-12-10');
    await page.getByLabel('Copies').fill('4');
    await page.getByLabel('Registered').check();
    await withdraw(opened);
    await page.getByText('Please correct this:').waitFor();
    await page.getByRole('button', { name: /ZIP/ }).click();
    expect(await page.evaluate('document.activeElement.shadowRoot.activeElement.value')).toBe('1234');
    await page.keyboard.press('End');
    await page.keyboard.type('5');
    await page.getByLabel('Copies').fill('2');
    await withdraw(opened);
    await accepted(opened);
    await page.getByText('for Ada').waitFor();
    expect(await count()).toBe(1);
  });

  it('that the server refuses says so at the field, and keeps what was typed', async (context) => {
    const opened = await open(context);
    const { page, count } = opened;
    await page.getByRole('radio', { name: /Crypto/ }).check();
    await page.getByLabel('Amount (USD)').fill('12.50');
    await page.getByLabel('Address').fill('wrong');
    await withdraw(opened);
    const field = page.getByLabel('Address');
    await page.getByRole('region', { name: 'Please correct this:' }).waitFor();
    expect(await page.evaluate('document.activeElement.shadowRoot.activeElement.localName')).toBe('section');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const id = (await field.getAttribute('aria-describedby'))?.split(' ').at(-1);
    expect(await page.locator(`[id="${id}"]`).textContent()).toBe('The Address must have its checksum.');
    expect([await field.inputValue(), await page.getByLabel('Amount (USD)').inputValue()]).toEqual(['wrong', '12.50']);
    await field.fill('right');
    await withdraw(opened);
    await accepted(opened);
    expect(await count()).toBe(1);
  });

  it('is made by the keyboard alone', async (context) => {
    const opened = await open(context);
    const { page, count } = opened;
    await page.getByRole('radio', { name: /Gift card/ }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.type('25');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Books');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ada@example.com');
    await page.keyboard.press('Enter');
    await accepted(opened);
    expect(await page.evaluate('document.activeElement.shadowRoot.activeElement.className')).toBe('notice good');
    expect(await count()).toBe(1);
  });

  it('of everything takes the fee beside', async (context) => {
    const opened = await open(context);
    const { page } = opened;
    await fillGiftCard(page);
    await page.getByRole('button', { name: 'Everything: $99.75' }).click();
    await withdraw(opened);
    await accepted(opened);
    await page.getByText('$0.00', { exact: true }).waitFor();
  });

  it('that is clicked twice is paid once', async (context) => {
    const opened = await open(context);
    const { page, keys, count } = opened;
    await fillGiftCard(page);
    await page.getByRole('button', { name: 'Withdraw', exact: true }).dblclick();
    await accepted(opened);
    expect([keys.length, await count()]).toEqual([1, 1]);
  });
});

describe('a connection that is lost in the middle', { timeout: 60_000 }, () => {
  const unknown = ({ page }: Opened) =>
    page.getByText(/We do not know yet whether your withdrawal of \$25\.00/).waitFor();

  async function lostAfter(context: Parameters<typeof open>[0]): Promise<Opened> {
    const opened = await open(context);
    await opened.page.route(WITHDRAW, async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    await fillGiftCard(opened.page);
    await withdraw(opened);
    await unknown(opened);
    return opened;
  }

  it('is told truthfully, and the payment is made once', async (context) => {
    const opened = await lostAfter(context);
    const { page, keys, count } = opened;
    expect(await page.getByRole('button', { name: 'Withdraw', exact: true }).count()).toBe(0);
    await page.unroute(WITHDRAW);
    await page.getByRole('button', { name: 'Ask now' }).click();
    await accepted(opened);
    expect([new Set(keys).size, await count()]).toEqual([1, 1]);
    expect(keys.length).toBeGreaterThan(1);
  });

  it('is found out after a reload, by the same key', async (context) => {
    const opened = await lostAfter(context);
    const { page, keys, count } = opened;
    await page.unroute(WITHDRAW);
    await page.reload();
    await accepted(opened);
    expect([new Set(keys).size, await count()]).toEqual([1, 1]);
  });

  it('before the server heard of it is made up for when the network is back', async (context) => {
    const opened = await open(context);
    const { page, count } = opened;
    await fillGiftCard(page);
    await page.context().setOffline(true);
    await withdraw(opened);
    await unknown(opened);
    expect(await count()).toBe(0);
    await page.context().setOffline(false);
    await accepted(opened);
    expect(await count()).toBe(1);
  });
});

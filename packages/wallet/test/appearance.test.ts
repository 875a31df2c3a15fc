/** How the wallet looks and reads: themes, languages, sizes, and inside other pages. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeAll, fillGiftCard, open, startBrowser, stopBrowser, violations } from './browser.js';
import { BUSINESS_ID, HOSTILE } from './scene.js';

beforeAll(startBrowser, 60_000);
afterAll(stopBrowser);
afterEach(closeAll);

const PHONE = { width: 360, height: 740 };

describe.each(['light', 'dark'] as const)('in %s', { timeout: 60_000 }, (colorScheme) => {
  it('axe finds nothing, with a form, its mistakes, and a withdrawal of each state', async (context) => {
    const { page, payouts } = await open(context, { browser: { colorScheme } });
    await page.getByText('$100.00', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('radio', { name: /Cheque/ }).check();
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText('Please correct this:').waitFor();
    expect(await violations(page)).toEqual([]);
    for (const email of ['ada@example.com', 'refuse@example.com']) {
      await fillGiftCard(page, '5', email);
      await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
      await page.getByText(/was accepted/).waitFor();
      await payouts.withdrawals.runDue();
      await page.reload();
    }
    await fillGiftCard(page, '5');
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText('waiting to be sent').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it.for([
    ['no link', null, 'Open the link that you were sent'],
    ['a link that is over', 'f'.repeat(64), 'This link does not work any more'],
  ] as const)('axe finds nothing, with %s', async ([_, link, title], context) => {
    const { page } = await open(context, { link, browser: { colorScheme } });
    await page.getByRole('heading', { name: title }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('axe finds nothing while an outcome is unknown', async (context) => {
    const { page } = await open(context, { browser: { colorScheme } });
    await page.route('**/payout/withdraw', (route) => route.abort());
    await fillGiftCard(page);
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByRole('button', { name: 'Ask now' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('on a phone', { timeout: 60_000 }, () => {
  it.for(['en', 'ar'])('everything fits, and a finger can hit it: %s', async (lang, context) => {
    const { page } = await open(context, { wallet: { lang }, browser: { viewport: PHONE, hasTouch: true } });
    await page.getByRole('radio').nth(2).check();
    await page.locator('button.main').click();
    await page.locator('section.notice').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    const targets = page.locator('button, select, .card, .field input');
    for (const target of await targets.all()) {
      const box = await target.boundingBox();
      const html = await target.evaluate((node: { readonly outerHTML: string }) => node.outerHTML);
      expect([html, (box?.height ?? 0) >= 44]).toEqual([html, true]);
    }
  });
});

describe('the language', { timeout: 60_000 }, () => {
  it('is the reader’s own, Arabic from right to left', async (context) => {
    const { page } = await open(context, { browser: { locale: 'ar-EG' } });
    await page.getByRole('heading', { name: 'عمليات السحب' }).waitFor();
    const root = page.locator('.wallet');
    expect([await root.getAttribute('dir'), await root.getAttribute('lang')]).toEqual(['rtl', 'ar-EG']);
    const [heading, card] = [
      await page.locator('.balance h2').boundingBox(),
      await page.locator('.balance').boundingBox(),
    ];
    expect(heading !== null && card !== null && heading.x + heading.width > card.x + card.width / 2).toBe(true);
    expect(await violations(page)).toEqual([]);
  });

  it.for([
    ['fr', 'Vos retraits', /100,00\s\$/],
    ['es', 'Tus retiradas', /100,00\sUS\$/],
  ] as const)('is the one that the page was made with: %s', async ([lang, heading, balance], context) => {
    const { page } = await open(context, { wallet: { lang } });
    await page.getByRole('heading', { name: heading }).waitFor();
    expect(await page.locator('.money').textContent()).toMatch(balance);
  });
});

describe('the page', { timeout: 60_000 }, () => {
  it('shows a name with HTML and marks of direction as text, and by itself', async (context) => {
    const { page, complaints } = await open(context);
    const name = page.locator('.card bdi', { hasText: 'Cheque' });
    expect(await name.textContent()).toBe(`Cheque ${HOSTILE}`);
    expect([await page.locator('.card img').count(), await page.title(), complaints]).toEqual([0, 'Payout', []]);
  });

  it('has the colours, the heading and the scheme that it was made with', async (context) => {
    const { page } = await open(context, {
      wallet: { heading: 'Acme <b>', scheme: 'dark', theme: { accent: '#00aa77' }, darkTheme: { surface: '#222222' } },
    });
    await page.getByRole('heading', { name: 'Acme <b>' }).waitFor();
    await page.getByRole('radio', { name: /Gift card/ }).check();
    const colour = (selector: string) =>
      page.evaluate(
        `getComputedStyle(document.querySelector('bursar-wallet').shadowRoot.querySelector('${selector}')).backgroundColor`,
      );
    expect([await colour('.main'), await colour('.balance')]).toEqual(['rgb(0, 170, 119)', 'rgb(34, 34, 34)']);
  });

  it('is shown in a frame of an origin that it was told, and in no other', async (context) => {
    const { page, origin, complaints } = await open(context, { link: null });
    await page.goto(`${origin.replace('127.0.0.1', 'localhost')}/frame`);
    await page.frameLocator('iframe').getByText('$100.00', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.goto(`${origin}/frame`);
    await refused;
  });

  it('is an element in a page of another origin too', async (context) => {
    const { page, origin, hash, complaints } = await open(context, { link: null });
    const host = `${origin.replace('127.0.0.1', 'localhost')}/host`;
    await page.goto(`${host}#hash=${hash}`);
    await page.getByText('$100.00', { exact: true }).waitFor();
    expect(page.url()).toBe(host);
    await fillGiftCard(page);
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText(/was accepted/).waitFor();
    expect(complaints).toEqual([]);
    expect(await page.locator('.wallet h1').count()).toBe(0);
  });

  it('is an element that takes the hash from its page, before it is there and after', async (context) => {
    const { page, origin, payouts } = await open(context, { link: null });
    await page.goto(`${origin}/signed-in`);
    await page.getByText('$100.00', { exact: true }).waitFor();
    const other = await payouts.create({ businessId: BUSINESS_ID, email: 'bob@example.com', amount: 4200 });
    if (!other.ok) throw new Error('the payout user was not opened');
    const element = page.locator('bursar-wallet');
    await element.evaluate((node: object, payoutHash) => Object.assign(node, { payoutHash }), other.value.hash);
    await page.getByText('$42.00', { exact: true }).waitFor();
    const shown = (node: { readonly payoutHash?: unknown; readonly outerHTML: string }) => [
      node.payoutHash,
      node.outerHTML,
    ];
    expect(await element.evaluate(shown)).toEqual([undefined, '<bursar-wallet api="/v1"></bursar-wallet>']);
  });

  it('says that the server is away, and goes on when it is back', async (context) => {
    const { page, url, hash } = await open(context, { link: null });
    await page.route('**/v1/**', (route) => route.abort());
    await page.goto(`${url}#${hash}`);
    await page.getByText('We cannot reach the server').waitFor();
    await page.unroute('**/v1/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('$100.00', { exact: true }).waitFor();
  });
});

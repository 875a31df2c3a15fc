import type { Page } from 'playwright-core';
import type { Shot, Stage } from './shots.js';

/** What a payout user sees. */
export const WALLET_SHOTS: readonly Shot[] = [
  { name: 'wallet', show: open },
  { name: 'wallet-withdraw', show: showForm },
  { name: 'wallet-history', show: showHistory },
  { name: 'wallet-arabic', show: showArabic },
  { name: 'wallet-embedded', show: showEmbedded },
];

async function open({ page, world }: Stage): Promise<void> {
  await page.goto(world.walletUrl);
  await page.getByRole('heading', { name: 'You can withdraw' }).waitFor();
}

async function showForm(stage: Stage): Promise<void> {
  const { page } = stage;
  await page.getByRole('radio', { name: /Bank transfer/ }).check();
  await page.getByLabel('Amount (USD)').fill('120');
  await page.getByLabel('Name').fill('Maya Okafor');
  await page.getByLabel('Iban').fill('GB82 WEST 1234 5698 7654 32');
  await scrollTo(page, 'withdraw');
}

async function showHistory(stage: Stage): Promise<void> {
  await stage.page.reload();
  await stage.page.getByRole('heading', { name: 'Your withdrawals' }).waitFor();
  await scrollTo(stage.page, 'withdrawals');
}

/** So that the card of this heading is at the top. */
async function scrollTo(page: Page, id: string): Promise<void> {
  const heading = `document.querySelector('bursar-wallet').shadowRoot.querySelector('#${id}')`;
  await page.evaluate(`scrollBy(0, ${heading}.parentElement.getBoundingClientRect().top - 16)`);
}

async function showArabic({ page, world }: Stage): Promise<void> {
  const [, hash = ''] = world.walletUrl.split('#');
  await page.goto(`${world.origin}/wallet-ar#${hash}`);
  await page.locator('[dir=rtl] .money').waitFor();
}

async function showEmbedded({ page, world }: Stage): Promise<void> {
  await page.goto(`${world.origin}/host`);
  await page.getByRole('heading', { name: 'You can withdraw' }).waitFor();
}

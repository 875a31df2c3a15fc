/** Which pages are measured, and a browser in which somebody is signed in. */
import type { BrowserContext, BrowserType } from 'playwright-core';
import { BIZ } from '../../test/pictures/business.js';
import type { World } from '../../test/pictures/world.js';

/** Where Debian puts it. */
export const CHROMIUM = '/usr/bin/chromium';

/** A page that is measured. */
export interface MeasuredPage {
  readonly name: string;
  readonly url: string;
}

const LISTS = ['overview', 'users', 'withdrawals', 'keys', 'webhooks', 'usage', 'audit', 'settings', 'account'];

/** Every page of the dashboard, and the wallet. */
export async function pagesOf({ origin, payouts, walletUrl }: World): Promise<readonly MeasuredPage[]> {
  const [user] = await payouts.auth.payoutUsers.list({ businessId: BIZ, limit: 1 });
  const withdrawals = await payouts.withdrawals.list({ businessId: BIZ, limit: 1 });
  const [withdrawal] = withdrawals.ok ? withdrawals.value.items : [];
  const live = (name: string, path = name): MeasuredPage => ({ name, url: `${origin}/dashboard/live/${path}` });
  return [
    ...LISTS.map((name) => live(name)),
    live('user', `users/${user?.id}`),
    live('withdrawal', `withdrawals/${withdrawal?.id}`),
    { name: 'wallet', url: walletUrl },
  ];
}

/** A browser in which an owner is signed in, and what its requests are sent with. */
export interface SignedInBrowser {
  readonly context: BrowserContext;
  readonly cookie: string;
}

/** Opens a browser with nothing kept, and signs an owner in. */
export async function signedIn(
  chromium: BrowserType,
  { board }: World,
  run: (browser: SignedInBrowser) => Promise<void>,
): Promise<void> {
  // Without a sandbox of its own, which root cannot have.
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const context = await browser.newContext();
    const { url } = await board.createSignInLink({ name: 'Ada Lindqvist', role: 'owner' });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.close();
    const cookies = await context.cookies();
    await run({ context, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') });
  } finally {
    await browser.close();
  }
}

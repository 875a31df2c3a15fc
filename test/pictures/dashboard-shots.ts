import { BIZ } from './business.js';
import { seedChance } from './seeded.js';
import type { Shot, Stage } from './shots.js';
import { signIn } from './sign-in.js';

const simple = (page: string): Shot => ({
  name: `dashboard-${page}`,
  page,
  show: ({ visit }) => visit(`/live/${page}`),
});

/** The pages of operators, in the order in which they are taken. */
export const DASHBOARD_SHOTS: readonly Shot[] = [
  { name: 'dashboard-sign-in', show: ({ visit }) => visit('/sign-in') },
  { name: 'dashboard-settings', page: 'settings', show: showSettings },
  simple('overview'),
  simple('users'),
  { name: 'dashboard-user', page: 'users/one', show: showUser },
  simple('withdrawals'),
  { name: 'dashboard-withdrawal', page: 'withdrawals/one', show: showWithdrawal },
  { name: 'dashboard-keys', page: 'keys', show: showNewKey },
  { name: 'dashboard-webhooks', page: 'webhooks', show: showFailedDelivery },
  simple('usage'),
  simple('audit'),
  simple('account'),
];

/** Signs Ada in, who then has two people approve what is above $250.00. */
async function showSettings(stage: Stage): Promise<void> {
  await signIn(stage, stage.page, { name: 'Ada Lindqvist', role: 'owner' });
  await stage.world.board.createSignInLink({ name: 'Otto Brandt', role: 'operator' });
  await stage.world.board.createSignInLink({ name: 'Vera Mensah', role: 'viewer' });
  await addPasskey(stage);
  await stage.visit('/live/settings');
  await stage.page.getByLabel('Two people approve').fill('250');
  await stage.page.getByRole('button', { name: 'Save the amount' }).click();
  await stage.page.getByText('Saved.').waitFor();
}

async function addPasskey({ page, visit }: Stage): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await visit('/live/account');
  await page.getByLabel('Name').fill('Laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('The passkey was added.').waitFor();
}

async function showUser({ world, visit }: Stage): Promise<void> {
  const { payouts } = world;
  const [user] = await payouts.auth.payoutUsers.list({ businessId: BIZ, limit: 1 });
  await visit(`/live/users/${user?.id}`);
}

/** Otto has approved it; Ada looks at it. */
async function showWithdrawal(stage: Stage): Promise<void> {
  const { world, visit, browser } = stage;
  const waiting = await world.payouts.withdrawals.list({ businessId: BIZ, status: 'review', limit: 1 });
  const path = `/live/withdrawals/${waiting.ok ? waiting.value.items[0]?.id : ''}`;
  const tab = await browser.newPage();
  await signIn(stage, tab, { name: 'Otto Brandt', role: 'operator' });
  await tab.goto(`${world.origin}/dashboard${path}`);
  await tab.getByRole('button', { name: 'Approve' }).click();
  await tab.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await tab.getByText('Another operator has to confirm it.').waitFor();
  await tab.close();
  await visit(path);
}

/** On a phone it is below the endpoints. */
async function showFailedDelivery({ page, visit }: Stage): Promise<void> {
  await visit('/live/webhooks');
  await page.getByText('Failed', { exact: true }).first().scrollIntoViewIfNeeded();
}

async function showNewKey({ page, visit }: Stage): Promise<void> {
  await visit('/live/keys');
  await page.getByRole('button', { name: 'New API key' }).click();
  await page.getByLabel('Name').fill('Mobile backend');
  await page.getByLabel('users:read').check();
  await page.getByLabel('payouts:write').check();
  // How much chance the pages before have used up is theirs.
  seedChance(2);
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByText('Copy it now').waitFor();
}

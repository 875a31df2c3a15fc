/** How people come in, in a real browser. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browsing } from './browsing.js';

const open = browsing();

/** A device that has a passkey reader, and a finger on it. */
async function withReader(page: Page): Promise<void> {
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
}

async function addPasskey(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.getByLabel('Name').fill('Laptop');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('The passkey was added.').waitFor();
}

describe('signing in', { timeout: 60_000 }, () => {
  it('works by a link, which is gone from the address bar and works once', async (context) => {
    const { page, board, complaints } = await open(context);
    const { url } = await board.board.createSignInLink({ name: 'Ada', role: 'owner' });
    await page.goto(url);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(page.url()).not.toContain('#');
    await page.context().clearCookies();
    await page.goto(url);
    await page.getByText('This link has been used').waitFor();
    expect(complaints).toEqual([]);
  });

  it('works by a passkey, once there is one', async (context) => {
    const { page, enter, complaints } = await open(context);
    await withReader(page);
    await enter();
    await addPasskey(page);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('You are Ada').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is asked for where a session has ended, and leads back to the same page', async (context) => {
    const { page, enter, visit } = await open(context);
    await withReader(page);
    await enter();
    await addPasskey(page);
    await visit('/live/withdrawals?status=failed');
    await page.getByText('There are none.').waitFor();
    await page.context().clearCookies();
    await page.getByRole('link', { name: 'Audit log' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    await page.getByRole('cell', { name: 'Operator sign in' }).first().waitFor();
  });

  it('leads back to what of a page was shown when the session ended', async (context) => {
    const { page, enter, visit } = await open(context);
    await withReader(page);
    await enter();
    await addPasskey(page);
    await visit('/live/withdrawals?status=failed');
    await page.context().clearCookies();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('There are none.').waitFor();
    expect(await page.getByLabel('Show').inputValue()).toBe('failed');
  });

  it('is refused for a passkey that has been removed', async (context) => {
    const { page, enter } = await open(context);
    await withReader(page);
    await enter();
    await addPasskey(page);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Remove the passkey' }).click();
    await page.getByText('You have no passkey yet').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('This passkey is not known here.').waitFor();
  });

  it("leads to the host's own sign-in where there is one", async (context) => {
    const { page, visit } = await open(context, { options: { signIn: () => null, signInUrl: '/login' } });
    await visit('/live/users');
    expect(await page.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/login');
  });
});

import type { SignedIn } from '@bursar/dashboard';
import type { Page } from 'playwright-core';
import type { Stage } from './shots.js';

/** Signs an operator in, by a link. */
export async function signIn({ world }: Pick<Stage, 'world'>, page: Page, operator: SignedIn): Promise<void> {
  const { url } = await world.board.createSignInLink(operator);
  await page.goto(url);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

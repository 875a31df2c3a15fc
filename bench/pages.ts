/**
 * The pages of the dashboard and the wallet in Debian's Chromium: Lighthouse's scores, and the first view over a simulated
 * 4G. `BENCH_PAGES` measures some of them alone: `overview,wallet`.
 */
import { chromium } from 'playwright-core';
import { openWorld } from '../test/pictures/world.js';
import { firstViewRow } from './side-by-side/first-view.js';
import { lighthouseRow } from './side-by-side/lighthouse.js';
import { pagesOf, signedIn } from './side-by-side/pages.js';

const world = await openWorld();
try {
  const asked = process.env.BENCH_PAGES?.split(',');
  const pages = (await pagesOf(world)).filter(({ name }) => asked?.includes(name) ?? true);
  await signedIn(chromium, world, async ({ context, cookie }) => {
    for (const page of pages) {
      console.log(await lighthouseRow(page, cookie));
      console.log(await firstViewRow(page, context));
    }
  });
} finally {
  await world.close();
}

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import type { DashboardOptions, Role } from '../src/index.js';
import { type Scene, scene } from './scene.js';
import { builtAssets, type Served, serve } from './serve.js';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';

/** A page of a dashboard on a fresh storage, with somebody in front of it. */
export interface Opened {
  readonly page: Page;
  readonly board: Scene;
  readonly origin: string;
  /** What the browser complained of, and what it wanted of other machines. */
  readonly complaints: string[];
  /** Signs in by a link, as whom it says, and waits for the page at this path. */
  enter(path?: string, name?: string, role?: Role): Promise<void>;
  /** Goes to a page of the dashboard. */
  visit(path: string): Promise<void>;
}

/** What is there before the page opens. */
export interface Opening extends BrowserContextOptions {
  readonly options?: Partial<DashboardOptions>;
}

/** Starts the browser for the tests of a file. What it answers opens a dashboard for one test. */
export function browsing(): (context: TestContext, opening?: Opening) => Promise<Opened> {
  let browser: Browser | undefined;
  const served: Served[] = [];
  beforeAll(async () => {
    // Without a sandbox of its own, which root, as in CI, cannot have.
    if (existsSync(CHROMIUM)) browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all(served.map((server) => server.close()));
  });
  return async (context, { options, ...settings } = {}) => {
    if (browser === undefined)
      return context.skip('install Chromium to have the pages shown: apt-get install chromium');
    const server = await serve();
    served.push(server);
    const board = await scene({ origin: server.origin, ...options }, builtAssets);
    server.use((req, res) => void board.board.node(req, res));
    const page = await (await browser.newContext({ locale: 'en-US', ...settings })).newPage();
    const complaints = await complaintsOf(page);
    return opened(page, board, server.origin, complaints);
  };
}

function opened(page: Page, board: Scene, origin: string, complaints: string[]): Opened {
  const visit = async (path: string): Promise<void> => {
    await page.goto(`${origin}/dashboard${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  return {
    page,
    board,
    origin,
    complaints,
    visit,
    async enter(path = '/live/overview', name = 'Ada', role = 'owner') {
      const { url } = await board.board.createSignInLink({ name, role });
      await page.goto(url);
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      if (path !== '/live/overview') await visit(path);
    },
  };
}

async function complaintsOf(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The browser says so of each answer that refuses; what the page makes of that is tested.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.route(
    (url) => url.hostname !== 'localhost',
    (route) => {
      complaints.push(route.request().url());
      return route.abort();
    },
  );
  return complaints;
}

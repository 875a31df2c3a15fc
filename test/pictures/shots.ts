/** What there is a picture of. */
import type { Browser, Page } from 'playwright-core';
import type { World } from './world.js';

/** How the pages look: on a phone and on a desk, light and dark. */
export const FORMS = {
  desktop: { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const;

/** Both themes. */
export const SCHEMES = ['light', 'dark'] as const;

export type Form = keyof typeof FORMS;
export type Scheme = (typeof SCHEMES)[number];

/** Somebody in front of a page. */
export interface Stage {
  readonly browser: Browser;
  readonly page: Page;
  readonly world: World;
  /** Goes to a page of the dashboard. */
  visit(path: string): Promise<void>;
}

/** One thing to take a picture of. */
export interface Shot {
  /** The name of the file begins with it. */
  readonly name: string;
  /** The page of the dashboard's router, `one` of it where there is such a page. */
  readonly page?: string;
  show(stage: Stage): Promise<void>;
}

/** The file below `docs/pictures`. */
export function fileOf({ name }: Pick<Shot, 'name'>, form: Form, scheme: Scheme): string {
  return `${name}-${form}-${scheme}.webp`;
}

import type { PayoutsOptions } from '@bursar/payouts';
import { afterAll, beforeAll } from 'vitest';
import type { Framework } from './frameworks.js';
import type { Target } from './target.js';
import { type World, world } from './world.js';

/** A world with a server in front. */
export interface Host extends World, Target {}

/** Serves a new world. */
export async function host(framework: Framework, options: Partial<PayoutsOptions> = {}): Promise<Host> {
  const made = await world(options);
  return { ...made, ...(await framework(made.payouts)) };
}

/** Serves one world to all tests of the `describe` that this is called in. */
export function sharedHost(framework: Framework): () => Host {
  let served: Host | undefined;
  const get = (): Host => {
    if (served === undefined) throw new Error('only a test may ask for the host');
    return served;
  };
  beforeAll(async () => {
    served = await host(framework);
  });
  afterAll(() => get().close());
  return get;
}

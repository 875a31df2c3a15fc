import type { PayoutsOptions } from '@bursar/payouts';
import { openApiDocument } from '@bursar/payouts/http';
import { afterAll, beforeAll } from 'vitest';
import { type Described, describedBy } from '../openapi/described.js';
import type { Framework } from './frameworks.js';
import type { Target } from './target.js';
import { type World, world } from './world.js';

/** A world with a server in front. */
export interface Host extends World, Target {}

const described = describedBy(openApiDocument(), '/v1');

/** Serves a new world. Each answer of the API is held against the OpenAPI document. */
export async function host(framework: Framework, options: Partial<PayoutsOptions> = {}): Promise<Host> {
  const made = await world(options);
  return { ...made, ...checked(await framework(made.payouts), described) };
}

function checked({ send, close }: Target, described: Described): Target {
  return {
    close,
    async send(sent) {
      const received = await send(sent);
      const problems = described(sent, received);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      return received;
    },
  };
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

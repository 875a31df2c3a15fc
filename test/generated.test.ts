/** The generated requests in their short form; `node scripts/faults.mjs generated` runs them in full. */
import { payoutApi } from '@bursar/hono';
import { memoryStorage } from '@bursar/memory';
import { type OpenApiDocument, openApiDocument } from '@bursar/payouts/http';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { PROGRAMS } from './faults/programs.js';
import { Chances } from './generated/chances.js';
import { Pool } from './generated/pool.js';
import { operationsOf, RequestMaker } from './generated/requests.js';
import { generatedRun } from './generated/run.js';
import { inProcess } from './http/target.js';
import { root } from './tidy/tree.js';

const CLEAN = /: 2000 requests from seed 2: \d+ × 200, .*; 0 problems, verifyLedger clean/;

describe('requests made from the OpenAPI document', { timeout: 400_000 }, () => {
  it('get no fault, no answer that it does not describe, and leave the ledger clean', async () => {
    const { run, short } = PROGRAMS.generated ?? {};
    const reports = await run?.(short ?? {}, { script: '', root });
    expect(reports?.flatMap(({ problems }) => problems)).toEqual([]);
    expect(reports?.map(({ line }) => line)).toEqual(Array.from({ length: 6 }, () => expect.stringMatching(CLEAN)));
  });

  it('find a framework that answers otherwise', async () => {
    const { problems } = await generatedRun({
      storage: memoryStorage(),
      framework: (payouts) => {
        const app = new Hono();
        app.use(async (c, next) => {
          await next();
          if (c.res.status === 404) c.header('x-secret', 'which nobody described');
          if (c.res.status === 429) c.res = new Response('a proxy', { status: 502 });
        });
        return inProcess(app.route('/v1', payoutApi({ payouts })));
      },
      where: 'broken',
      requests: 600,
      seed: 2,
    });
    expect(problems.join('\n')).toMatch(/x-secret is not described/);
    expect(problems.join('\n')).toMatch(/a fault: .* got 502/);
  });

  it('are the same for the same seed, and name every operation', () => {
    const document: OpenApiDocument = openApiDocument();
    const made = (seed: number) => {
      const world = { keys: { good: 'good', bad: ['bad'] }, hashes: ['hash'] };
      const maker = new RequestMaker(operationsOf(document), '/v1', world, new Pool(), new Chances(seed));
      return Array.from({ length: 500 }, () => maker.next());
    };
    expect(made(7)).toEqual(made(7));
    expect(made(7)).not.toEqual(made(8));
    expect([...new Set(made(7).map(({ template }) => template))].sort()).toEqual(Object.keys(document.paths).sort());
  });
});

/** A PostgreSQL server that is away for a while, or slow: who asks is told so, and everything goes on by itself. */
import { StorageUnavailableError } from '@bursar/core';
import { startServer } from '../../packages/postgres/test/server.js';
import { KillCount } from './killed-books.js';
import { Lanes } from './lanes.js';
import { operation, perform } from './load.js';
import { booksOf, withProxy, withServer, withStorage } from './on-postgres.js';
import { apiKeyOf, expectUnavailable } from './refused.js';
import { type FaultReport, Problems, secondsSince } from './report.js';
import { openPayouts } from './scene.js';

/** So many operations are answered before the server goes, and after it came back. */
const SOME = 200;

/** Stops the server for so many seconds, under load, and starts it again. */
export function postgresAway({ seconds, seed }: { seconds: number; seed: number }): Promise<FaultReport> {
  const problems = new Problems();
  const count = new KillCount();
  return withServer(startServer(), (server) =>
    withStorage(server.url, async (storage) => {
      const books = await booksOf(storage, server.url, problems);
      const asking = openPayouts(storage);
      const apiKey = await apiKeyOf(asking);
      const lanes = new Lanes({ storage, users: books.users, seed, onUnknown: 'ask again' });
      await lanes.more(SOME);
      await server.halt();
      const left = performance.now();
      let refused = 0;
      for (; performance.now() - left < seconds * 1000; refused++) {
        const made = await expectUnavailable(problems, asking, apiKey);
        problems.expect(made === 0, 'a client got 200 while the server was away');
      }
      const told = lanes.unknown;
      await server.restart();
      const back = performance.now();
      await lanes.more(1);
      const first = secondsSince(back);
      await lanes.more(SOME);
      await books.check(await lanes.end());
      await books.finish();
      count.add(books);
      problems.expect(told > 0, 'no lane was told that the server was away');
      const what = `away for ${seconds} s (${refused} requests got 503 with Retry-After, ${told} calls a StorageUnavailableError; the first answer ${first} after the start)`;
      return { line: count.line(what, seed), problems: problems.found };
    }),
  );
}

/** What the slow server is tested with. */
export interface SlowOptions {
  /** How many come at once. */
  readonly operations: number;
  /** How long each answer of the server is on its way. */
  readonly delayMs: number;
  /** How many calls may wait for a connection. */
  readonly maxWaiting: number;
  readonly seed: number;
}

/** When it is fast again. */
const AT_ONCE = 32;

/** Asks for more than a slow server can do in time; then it is fast again, and the same is asked for again. */
export function postgresSlow({ operations, delayMs, maxWaiting, seed }: SlowOptions): Promise<FaultReport> {
  const problems = new Problems();
  const began = performance.now();
  return withServer(startServer(), ({ url }) =>
    withProxy(url, (proxy) =>
      withStorage(
        proxy.url,
        async (storage) => {
          const { witness } = await booksOf(storage, url, problems);
          const payouts = openPayouts(storage);
          const asked = Array.from({ length: operations }, (_, lane) => operation(seed, lane, 0));
          proxy.delayMs = delayMs;
          const flood = await askAtOnce(asked, (one) => perform(payouts, witness.users, one));
          proxy.delayMs = 0;
          for (let start = 0; start < operations; start += AT_ONCE) {
            const again = asked.slice(start, start + AT_ONCE).map(async (one) => {
              const { ok, id } = await perform(payouts, witness.users, one);
              witness.answered.push({ operation: one, ok, id });
            });
            await Promise.all(again);
          }
          await witness.compare(storage, true);
          await witness.sendAgain(payouts, witness.answered.slice(0, AT_ONCE));
          for (const problem of flood.problems) problems.add(problem);
          problems.expect(flood.refused > 0 && flood.answered > 0, `of ${operations} ${flood.refused} were refused`);
          const { lost, doubled, unclean } = witness;
          const line = `slow by ${delayMs} ms an answer: of ${operations} operations at once ${flood.answered} were answered and ${flood.refused} got a StorageUnavailableError, after ${(flood.longestMs / 1000).toFixed(1)} s at most; asked again: ${lost} lost, ${doubled} doubled, verifyLedger ${unclean === 0 ? 'clean' : 'NOT clean'} (seed ${seed}; ${secondsSince(began)})`;
          return { line, problems: problems.found };
        },
        { maxWaiting },
      ),
    ),
  );
}

/** Why a call may be told that storage is not available. */
const BOUNDS = /calls wait for PostgreSQL already|queue to .* is full|did not answer in time|connection .* was lost/;

async function askAtOnce<One>(
  asked: readonly One[],
  ask: (one: One) => Promise<unknown>,
): Promise<{ answered: number; refused: number; longestMs: number; problems: string[] }> {
  const sum = { answered: 0, refused: 0, longestMs: 0, problems: [] as string[] };
  const start = performance.now();
  const calls = asked.map(async (one) => {
    try {
      await ask(one);
      sum.answered++;
    } catch (error) {
      sum.refused++;
      const cause = error instanceof StorageUnavailableError ? String(error.cause) : `no fault of storage: ${error}`;
      if (!BOUNDS.test(cause)) sum.problems.push(cause);
    }
    sum.longestMs = Math.max(sum.longestMs, performance.now() - start);
  });
  await Promise.all(calls);
  return sum;
}

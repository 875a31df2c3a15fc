/** A PostgreSQL server that is away for a while, or slow: who asks is told so, and everything goes on by itself. */
import { StorageUnavailableError } from '@bursar/core';
import { openPostgresStorage } from '@bursar/postgres';
import { startProxy } from '../../packages/postgres/test/proxy.js';
import { startServer } from '../../packages/postgres/test/server.js';
import { KillCount } from './killed-books.js';
import { Lanes } from './lanes.js';
import { operation, perform } from './load.js';
import { booksOf, withServer, withStorage } from './on-postgres.js';
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
  /** Bounds of the queue to the ledger. */
  readonly maxQueue: number;
  readonly deadlineMs: number;
  readonly seed: number;
}

/** Asks for more than a slow server can do in time; then it is fast again, and the same is asked for again. */
export function postgresSlow({ operations, delayMs, maxQueue, deadlineMs, seed }: SlowOptions): Promise<FaultReport> {
  const problems = new Problems();
  return withServer(startServer(), async ({ url }) => {
    const began = performance.now();
    const proxy = await startProxy(url);
    const storage = await openPostgresStorage({ connectionString: proxy.url, maxConnections: 4 });
    const { witness } = await booksOf(storage, url, problems);
    const payouts = openPayouts(storage, { ledger: { maxQueue, deadlineMs } });
    const asked = Array.from({ length: operations }, (_, lane) => operation(seed, lane, 0));
    const causes: Record<string, number> = {};
    proxy.delayMs = delayMs;
    let longest = 0;
    const answers = asked.map(async (one) => {
      const start = performance.now();
      try {
        await perform(payouts, witness.users, one);
      } catch (error) {
        const cause = error instanceof StorageUnavailableError ? error.cause : undefined;
        const word = cause instanceof Error ? cause.message : `no fault of storage: ${error}`;
        causes[word] = (causes[word] ?? 0) + 1;
      }
      longest = Math.max(longest, performance.now() - start);
    });
    await Promise.all(answers);
    proxy.delayMs = 0;
    for (const one of asked) {
      const { ok, id } = await perform(payouts, witness.users, one);
      witness.answered.push({ operation: one, ok, id });
    }
    await witness.compare(storage, true);
    await witness.sendAgain(payouts, witness.answered);
    await payouts.close();
    await storage.close();
    await proxy.close();
    const { 'the queue to the ledger is full': full = 0, 'the ledger did not answer in time': late = 0 } = causes;
    const others = Object.keys(causes).filter((cause) => !/^the (queue|ledger)/.test(cause));
    for (const other of others) problems.add(`somebody was told: ${other}`);
    problems.expect(full > 0 && late > 0, `not both bounds were met: ${JSON.stringify(causes)}`);
    const { lost, doubled, unclean } = witness;
    const line = `slow by ${delayMs} ms an answer: of ${operations} at once ${full} were refused since the queue was full, ${late} told after ${deadlineMs} ms that nobody knows, none waited longer than ${(longest / 1000).toFixed(1)} s; asked again: ${lost} lost, ${doubled} doubled, verifyLedger ${unclean === 0 ? 'clean' : 'NOT clean'} (seed ${seed}; ${secondsSince(began)})`;
    return { line, problems: problems.found };
  });
}

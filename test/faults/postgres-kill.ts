/** Kills a PostgreSQL server under load, again and again, and looks after each time at what is left. */

import { type Server, sql, startServer } from '../../packages/postgres/test/server.js';
import { startStandby } from '../../packages/postgres/test/standby.js';
import { between, chance } from './chance.js';
import { KillCount } from './killed-books.js';
import { killUnderLoad } from './killed-child.js';
import { Lanes } from './lanes.js';
import { booksOf, empty, type Proxied, withProxy, withServer, withStorage } from './on-postgres.js';
import { type FaultReport, Problems } from './report.js';

/** Books are used for so many kills: all that they hold is checked after each. */
const KILLS_A_BOOK = 10;

/** What a kill test runs with. */
export interface ServerKillOptions {
  readonly rounds: number;
  readonly seed: number;
}

/**
 * Kills the server: in turns by SIGQUIT, which lets nothing be written out any more, and all of its processes at once as
 * `kill -9` does. The process that works with it stays, and so does its storage.
 */
export function postgresKill({ rounds, seed }: ServerKillOptions): Promise<FaultReport> {
  const problems = new Problems();
  const count = new KillCount();
  return withServer(startServer(), async (server) => {
    for (let first = 0; first < rounds; first += KILLS_A_BOOK) {
      await empty(server.url);
      await withStorage(server.url, async (storage) => {
        const books = await booksOf(storage, server.url, problems);
        for (let round = first; round < Math.min(first + KILLS_A_BOOK, rounds); round++) {
          const { users } = books;
          const lanes = new Lanes({ storage, users, seed: seed * 1000 + round, onUnknown: 'end' });
          await atSomeMoment(lanes);
          await (round % 2 === 0 ? server.crash() : server.kill());
          lanes.finish();
          const [, remains] = await Promise.all([server.restart(), lanes.end()]);
          await books.check(remains);
        }
        await books.finish();
        count.add(books);
      });
    }
    return { line: count.line(`${rounds} kills`, seed), problems: problems.found };
  });
}

/** After some hundred answers at most, and in the middle of whatever is under way a few milliseconds later. */
async function atSomeMoment(lanes: Lanes): Promise<void> {
  const random = chance(lanes.options.seed);
  await lanes.more(between(random, 1, 400));
  await new Promise((resolve) => setTimeout(resolve, random() * 8));
}

/**
 * Kills the client between the commit and the answer: from some moment on no answer arrives at it, and it is killed when
 * the server has nothing left to do. Whoever asks with the same keys hears of the first outcome.
 */
export function clientKill({ rounds, seed, script }: ServerKillOptions & { script: string }): Promise<FaultReport> {
  const problems = new Problems();
  const count = new KillCount();
  return withServer(startServer(), (server) =>
    withStorage(server.url, async (storage) => {
      const books = await booksOf(storage, server.url, problems);
      for (let round = 0; round < rounds; round++) {
        const remains = await withProxy(server.url, (proxy) => {
          const order = { database: proxy.url, seed: seed * 1000 + round, users: books.users };
          return killUnderLoad(script, order, async () => {
            await commitOn(proxy);
            await hasDone(server);
          });
        });
        await books.check(remains);
      }
      await books.finish();
      count.add(books);
      problems.expect(count.committed > 0, 'nothing had been committed at any kill: this proves nothing');
      const what = `${rounds} kills of a client between commit and answer`;
      return { line: count.line(what, seed), problems: problems.found };
    }),
  );
}

/** Resolves when somebody commits, and keeps that answer and all others back. */
function commitOn(proxy: Proxied): Promise<void> {
  return new Promise((resolve) => {
    proxy.onRequest = (text) => {
      // Not the READ COMMITTED of the beginning.
      if (text.includes('COMMIT\0')) {
        proxy.holds = true;
        resolve();
      }
      return false;
    };
  });
}

/** Resolves when the server works on nothing that Bursar asked for. */
async function hasDone({ url }: Server): Promise<void> {
  const working = `SELECT FROM pg_stat_activity WHERE application_name = 'bursar' AND state = 'active'`;
  while ((await sql(url, working)).length > 0);
}

/** Kills a primary, and promotes its synchronous standby; the client goes on with that, at the address that it knows. */
export async function standbyPromoted({ rounds, seed }: ServerKillOptions): Promise<FaultReport> {
  const problems = new Problems();
  const count = new KillCount();
  for (let round = 0; round < rounds; round++) {
    await withServer(startServer(), (primary) =>
      withServer(startStandby(primary), (standby) =>
        withProxy(primary.url, (proxy) =>
          withStorage(proxy.url, async (storage) => {
            const books = await booksOf(storage, proxy.url, problems);
            const { users } = books;
            const lanes = new Lanes({ storage, users, seed: seed * 1000 + round, onUnknown: 'end' });
            await atSomeMoment(lanes);
            await primary.kill();
            lanes.finish();
            proxy.port = standby.port;
            const [, remains] = await Promise.all([standby.promote(), lanes.end()]);
            await books.check(remains);
            await books.finish();
            count.add(books);
          }),
        ),
      ),
    );
  }
  return { line: count.line(`${rounds} primaries lost, standby promoted`, seed), problems: problems.found };
}

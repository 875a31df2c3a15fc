/**
 * The whole payout API over loopback, on a SQLite file: the servers in a process of their own, 64 clients in this one.
 * Reading a balance is compared with a bare route of the same framework that answers with a constant; creating, with the
 * same route on a storage that gives each transfer a transaction of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Serving, serve } from './side-by-side/api-servers.js';
import { compare, type Way } from './side-by-side/compare.js';

const CLIENTS = 64;
const self = fileURLToPath(import.meta.url);

async function measure({ ports, key, hash }: Serving): Promise<void> {
  const clients = new Clients();
  const balance: Order = { options: { path: '/payout/balance', headers: { 'x-payout-hash': hash } } };
  for (const [framework, ours, bare] of [
    ['Hono', ports.hono, ports.bareHono],
    ['Express', ports.express, ports.bareExpress],
  ] as const) {
    const name = `\`GET /payout/balance\` on ${framework}`;
    console.log(
      await compare({
        name: `${name} / a bare route, at concurrency ${CLIENTS}`,
        ours: clients.way(name, ours, balance),
        theirs: clients.way(`a bare route on ${framework}`, bare, balance),
        limit: { kind: 'at most', ratio: 2 },
      }),
    );
  }

  const create = creating(key);
  for (const [what, gathered, single] of [
    ['', ports.hono, ports.single],
    [' with audit log and events', ports.audited, ports.auditedSingle],
  ] as const) {
    const name = `\`POST /payout/create\`${what}`;
    console.log(
      await compare({
        name: `${name} / one transaction each, at concurrency ${CLIENTS}`,
        ours: clients.way(name, gathered, create),
        theirs: clients.way(`${name}, one transaction each`, single, create),
        limit: { kind: 'times as fast', ratio: 3 },
      }),
    );
  }
  clients.end();
}

/** An allocation to one of a thousand payout users. */
function creating(key: string): Order {
  let user = 0;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return {
    options: { method: 'POST', path: '/payout/create', headers },
    body: () => JSON.stringify({ email: `user-${user++ % 1000}@example.com`, amount: 1 }),
  };
}

/** 64 clients, on connections that stay open, and how long each of their requests took. */
class Clients {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  readonly #latencies = new Map<string, number[]>();

  way(name: string, port: number, order: Order): Way {
    const latencies: number[] = [];
    this.#latencies.set(name, latencies);
    return async (times) => {
      let left = times;
      const client = async (): Promise<void> => {
        while (left-- > 0) {
          const begun = performance.now();
          await this.#request(port, order);
          latencies.push(performance.now() - begun);
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
    };
  }

  /** Prints how long 99 of 100 requests took at most. */
  end(): void {
    this.#agent.destroy();
    for (const [name, times] of this.#latencies) console.log(`\n99 of 100 of ${name}: ${p99(times)} ms`);
  }

  #request(port: number, { options, body }: Order): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, agent: this.#agent, ...options }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`the server answered ${response.statusCode}`));
        response.resume().on('end', resolve);
      });
      sent.on('error', reject).end(body?.());
    });
  }
}

interface Order {
  readonly options: { readonly method?: string; readonly path: string; readonly headers: Record<string, string> };
  readonly body?: () => string;
}

function p99(times: readonly number[]): string {
  const sorted = [...times].sort((left, right) => left - right);
  return (sorted[Math.floor(sorted.length * 0.99)] ?? 0).toFixed(1);
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.disconnect();
  await exit;
}

if (process.argv[2] === 'serve') {
  process.send?.(await serve());
} else {
  const child = fork(self, ['serve']);
  try {
    const [serving] = (await once(child, 'message')) as [Serving];
    await measure(serving);
  } finally {
    await ended(child);
  }
}

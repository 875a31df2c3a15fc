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

async function measure({ ports, key, hash }: Serving): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const latencies: Record<string, number[]> = {};

  function one(name: string, port: number, order: Order): Promise<void> {
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, agent, ...order.options }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${name} answered ${response.statusCode}`));
        response.resume().on('end', () => {
          latencies[name]?.push(performance.now() - begun);
          resolve();
        });
      });
      sent.on('error', reject).end(order.body?.());
    });
  }

  function way(name: string, port: number, order: Order): Way {
    latencies[name] = [];
    return async (times) => {
      let left = times;
      const client = async (): Promise<void> => {
        while (left-- > 0) await one(name, port, order);
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
    };
  }

  const balance: Order = { options: { path: '/payout/balance', headers: { 'x-payout-hash': hash } } };
  for (const [framework, ours, bare] of [
    ['Hono', ports.hono, ports.bareHono],
    ['Express', ports.express, ports.bareExpress],
  ] as const) {
    const name = `\`GET /payout/balance\` on ${framework}`;
    console.log(
      await compare({
        name: `${name} / a bare route, at concurrency ${CLIENTS}`,
        ours: way(name, ours, balance),
        theirs: way(`bare ${framework}`, bare, balance),
        limit: { kind: 'at most', ratio: 2 },
      }),
    );
  }

  let user = 0;
  const create: Order = {
    options: {
      method: 'POST',
      path: '/payout/create',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    },
    body: () => JSON.stringify({ email: `user-${user++ % 1000}@example.com`, amount: 1 }),
  };
  for (const [what, gathered, single] of [
    ['', ports.hono, ports.single],
    [' with audit log and events', ports.audited, ports.auditedSingle],
  ] as const) {
    const name = `\`POST /payout/create\`${what}`;
    console.log(
      await compare({
        name: `${name} / one transaction each, at concurrency ${CLIENTS}`,
        ours: way(name, gathered, create),
        theirs: way(`${name}, one transaction each`, single, create),
        limit: { kind: 'times as fast', ratio: 3 },
      }),
    );
  }
  agent.destroy();
  for (const [name, times] of Object.entries(latencies)) console.log(`\n99 of 100 of ${name}: ${p99(times)} ms`);
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

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import type { Order, Report } from './order.js';

/** A process of its own that runs the sources, has loaded them, and waits for an order. */
export interface Child {
  /** Gives the order; each report goes to `onReport`. Resolves to what was told last, when the process has ended. */
  obey(order: Order, onReport?: (report: Report) => void): Promise<Report>;
  /** Ends it as `kill -9` does. */
  kill(): void;
}

/** Bundles the sources once, beside `file`, and starts processes that run them. */
export async function startChildren(count: number, file: string): Promise<Child[]> {
  const outfile = join(dirname(file), 'child.mjs');
  const driver = createRequire(import.meta.url).resolve('better-sqlite3');
  await build({
    entryPoints: [fileURLToPath(new URL('./child.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@bursar/source'],
    loader: { '.sql': 'text' },
    // The bundle lies in another directory, from where the driver's name would not be found.
    plugins: [
      {
        name: 'driver',
        setup({ onResolve }) {
          onResolve({ filter: /^better-sqlite3$/ }, () => ({ path: driver, external: true }));
        },
      },
    ],
  });
  return Promise.all(Array.from({ length: count }, () => startChild(outfile)));
}

async function startChild(script: string): Promise<Child> {
  const child = fork(script);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(child, 'message');
  return {
    obey: (order, onReport) => obey(child, order, onReport),
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

async function obey(child: ChildProcess, order: Order, onReport?: (report: Report) => void): Promise<Report> {
  let last: Report = { told: 'loaded' };
  child.on('message', (report: Report) => {
    last = report;
    onReport?.(report);
  });
  child.send(order);
  await once(child, 'close');
  return last;
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Bundles the sources once, in a directory that goes with the test, and starts processes that run them. */
export async function startChildren(count: number): Promise<Child[]> {
  const directory = mkdtempSync(join(tmpdir(), 'bursar-postgres-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const outfile = join(directory, 'child.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./child.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@bursar/source'],
    loader: { '.sql': 'text' },
    // Optional, and not installed.
    external: ['pg-native'],
    // CommonJS inside an ES module still calls `require` for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
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

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Report, Tally } from './orders.js';

/** A child process that has loaded everything and waits for an order. */
export interface Child {
  /** Gives an order, and resolves to what came of it. One at a time. @throws where it failed, or the process ended. */
  obey(order: Order): Promise<Tally>;
  /** Every line that it wrote, as it comes. */
  onLine(read: (line: string) => void): void;
  /** Ends it as `kill -9` does, and resolves when it is gone and all that it wrote has been read. */
  kill(): Promise<void>;
}

/** Starts the bundle of `child.ts` so many times, hands the processes over, and ends them whatever happens. */
export async function withChildren<Result>(
  script: string,
  count: number,
  work: (children: readonly Child[]) => Promise<Result>,
): Promise<Result> {
  const processes = Array.from({ length: count }, () => fork(script, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }));
  const children = processes.map((child) => childOf(child));
  try {
    await Promise.all(processes.map((child) => once(child, 'message')));
    return await work(children);
  } finally {
    await Promise.all(children.map((child) => child.kill()));
  }
}

function childOf(process: ChildProcess): Child {
  const closed = new Promise<void>((resolve) => process.once('close', () => resolve()));
  return {
    obey: (order) =>
      new Promise((resolve, reject) => {
        process.once('message', (report: Report) => {
          if (report.told === 'done') resolve(report.tally);
          else reject(new Error(report.told === 'failed' ? report.message : 'the child was not ready'));
        });
        void closed.then(() => reject(new Error('the child has ended')));
        process.send(order);
      }),
    onLine(read) {
      let rest = '';
      process.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        // What has no end was cut off by the kill.
        rest = lines.pop() ?? '';
        for (const line of lines) read(line);
      });
    },
    async kill() {
      process.kill('SIGKILL');
      await closed;
    },
  };
}

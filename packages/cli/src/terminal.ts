import type { Readable, Writable } from 'node:stream';
import { confirm, progress } from '@clack/prompts';
import type { Bar } from './io.js';

/** Asks a person at a terminal; what is not a clear yes is no. */
export async function ask(question: string, input: Readable, output: Writable): Promise<boolean> {
  const answer = await confirm({ message: question, initialValue: false, input, output });
  return answer === true;
}

const STEPS = 200;

/** A bar on a terminal. It is drawn anew at most two hundred times, whatever the number of what is done. */
export function bar(title: string, total: number, output: Writable): Bar {
  const shown = progress({ max: STEPS, output });
  shown.start(title);
  let drawn = 0;
  let last = 0;
  return {
    at(done) {
      last = done;
      const steps = total === 0 ? STEPS : Math.min(STEPS, Math.floor((done / total) * STEPS));
      if (steps === drawn) return;
      shown.advance(steps - drawn, `${title}: ${done} of ${total}`);
      drawn = steps;
    },
    end: () => shown.stop(`${title}: ${last} of ${total}`),
  };
}

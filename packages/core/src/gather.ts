import { isPromise } from './chain.js';
import type { Awaitable } from './storage.js';

/** Bounds of {@link gather}. */
export interface GatherOptions {
  /** The most inputs that one call of `run` gets. @default 256 */
  readonly maxBatch?: number;
  /** The most inputs that may wait; one more is refused with `overloaded()`. @default 10000 */
  readonly maxQueue?: number;
  /** Makes the error for an input that finds the queue full. */
  readonly overloaded: () => Error;
  /**
   * Waited for before each batch, once `run` has answered with a promise: so that what arrives together, as the callers of
   * the last batch do, goes together, and not the first of it by itself. Must not reject.
   *
   * @default none: a call that finds nothing under way goes at once
   */
  readonly turn?: (() => Promise<void>) | undefined;
}

interface Waiting<Input, Output> {
  readonly input: Input;
  resolve(output: Output): void;
  reject(reason: unknown): void;
}

/**
 * Turns a function of many into a function of one. Single calls that arrive while a batch is under way are gathered
 * into the next batch; a call that finds nothing under way goes at once. There is no timer, so an idle caller waits
 * for nothing, and a `run` that answers without a promise is answered from without one.
 *
 * @param run Gets 1 to `maxBatch` inputs, answers each by its place. When it throws, each input of that batch fails.
 */
export function gather<Input, Output>(
  run: (inputs: readonly Input[]) => Awaitable<readonly Output[]>,
  options: GatherOptions,
): (input: Input) => Awaitable<Output> {
  const { maxBatch = 256, maxQueue = 10_000, overloaded, turn } = options;
  let queue: Waiting<Input, Output>[] = [];
  let busy = false;
  let awaitsTurn = false;

  async function drain(first: Promise<unknown>): Promise<void> {
    await first.catch(() => undefined);
    while (queue.length > 0) {
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(maxBatch);
      await settle(batch);
      await turn?.();
    }
    busy = false;
  }

  async function settle(batch: readonly Waiting<Input, Output>[]): Promise<void> {
    try {
      const outputs = await run(batch.map((one) => one.input));
      assertSameLength(outputs, batch.length);
      batch.forEach((one, index) => {
        one.resolve(outputs[index] as Output);
      });
    } catch (reason) {
      for (const one of batch) one.reject(reason);
    }
  }

  function wait(input: Input): Promise<Output> {
    if (queue.length >= maxQueue) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      queue.push({ input, resolve, reject });
    });
  }

  return (input) => {
    if (busy) return wait(input);
    if (turn !== undefined && awaitsTurn) {
      busy = true;
      void drain(turn());
      return wait(input);
    }
    const answer = run([input]);
    if (!isPromise(answer)) return only(answer);
    const answered = Promise.resolve(answer);
    busy = true;
    awaitsTurn = true;
    void drain(answered);
    return answered.then(only);
  };
}

function only<Output>(outputs: readonly Output[]): Output {
  assertSameLength(outputs, 1);
  return outputs[0] as Output;
}

// A storage that answers short would give one caller another's answer; better none.
function assertSameLength(outputs: readonly unknown[], expected: number): void {
  if (outputs.length !== expected) {
    throw new Error(`storage answered ${outputs.length} results for a batch of ${expected}`);
  }
}

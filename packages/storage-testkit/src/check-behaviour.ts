import type { BursarStorage } from '@bursar/payouts/storage';
import { Clock } from './clock.js';
import { Mismatch } from './expect.js';
import type { BehaviourContext, StorageBehaviour, StorageSubject } from './promise.js';
import { Random } from './random.js';
import { Samples } from './samples.js';

/** Options of {@link checkBehaviour}. */
export interface CheckOptions {
  /**
   * Where chance starts. The same seed makes the same run.
   *
   * @default 1
   */
  readonly seed?: number;
}

/** A storage does not do what its contract says. The message tells what, and which sentence. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/**
 * Whether a behaviour can be checked, or what is missing for it, as a sentence.
 *
 * @example
 * const reason = reasonToSkip(subject, behaviour); // "needs `share` …" or undefined
 */
export function reasonToSkip<S extends BursarStorage>(
  subject: StorageSubject<S>,
  { need }: StorageBehaviour,
): string | undefined {
  if (need === null || subject[need] !== undefined) return undefined;
  return need === 'share'
    ? 'not checked: give `share` (a second connection to the same data) to have it run'
    : 'not checked: give `reopen` (close, and open the same data) to have it run';
}

/**
 * Makes a storage, runs one behaviour on it, and ends it, whatever happens.
 *
 * @throws {BrokenPromise} where the storage does not behave so.
 * @example
 * // With the test runner of Node, Bun or Deno:
 * for (const promise of storagePromises)
 *   for (const behaviour of promise.behaviours)
 *     test(`${promise.name}: ${behaviour.name}`, { skip: reasonToSkip(subject, behaviour) ?? false }, () =>
 *       checkBehaviour(subject, behaviour));
 */
export async function checkBehaviour<S extends BursarStorage>(
  subject: StorageSubject<S>,
  behaviour: StorageBehaviour,
  { seed = 1 }: CheckOptions = {},
): Promise<void> {
  const clock = new Clock();
  const random = new Random(seed);
  let storage = await subject.create({ now: clock.now });
  const shared: S[] = [];
  const context: BehaviourContext = {
    get storage() {
      return storage;
    },
    clock,
    random,
    samples: new Samples(random, clock),
    async share() {
      const second = await subject.share?.(storage, { now: clock.now });
      if (second === undefined) throw new TypeError('`share` is missing');
      shared.push(second);
      return second;
    },
    async reopen() {
      const opened = await subject.reopen?.(storage, { now: clock.now });
      if (opened === undefined) throw new TypeError('`reopen` is missing');
      storage = opened;
      return opened;
    },
  };
  try {
    await behaviour.run(context);
  } catch (error) {
    throw explained(error, behaviour, seed);
  } finally {
    for (const second of shared) await second.close();
    await subject.destroy(storage);
  }
}

function explained(error: unknown, { name, sentence }: StorageBehaviour, seed: number): BrokenPromise {
  const what = error instanceof Mismatch ? error.message : `a call of the storage threw: ${error}`;
  const message = `${what}\n  contract: "${sentence}"\n  behaviour: ${name} (seed ${seed})`;
  return new BrokenPromise(message, { cause: error });
}

import type { Awaitable } from '@bursar/core/storage';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { Clock } from './clock.js';
import type { Random } from './random.js';
import type { Samples } from './samples.js';

/** How the suite makes, shares, opens again and ends the storage that it tests. */
export interface StorageSubject<S extends BursarStorage = BursarStorage> {
  /** Makes a fresh, empty storage, migrated and ready, whose clock is `now`. */
  create(options: StorageClock): Awaitable<S>;
  /** Ends a storage that `create` or `reopen` made, and removes its data. */
  destroy(storage: S): Awaitable<void>;
  /**
   * Closes the storage and opens the same data again, as a new process would. For storages that outlive a process.
   *
   * @default the promises about a restart are skipped.
   */
  reopen?(storage: S, options: StorageClock): Awaitable<S>;
  /**
   * A second connection to the same data, as another process would have it; the suite closes it with `close()`.
   *
   * @default the races between two connections are skipped.
   */
  share?(storage: S, options: StorageClock): Awaitable<S>;
}

/** The clock that the storage under test has to read wherever the contract says "storage's clock". */
export interface StorageClock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: () => number;
}

/** What a behaviour runs with. */
export interface BehaviourContext {
  /** The storage under test; after `reopen`, the one that was opened again. */
  readonly storage: BursarStorage;
  readonly clock: Clock;
  readonly random: Random;
  readonly samples: Samples;
  /** A second connection to the same data. */
  share(): Promise<BursarStorage>;
  /** Closes and opens the same data. */
  reopen(): Promise<BursarStorage>;
}

/** What a behaviour cannot do without, beside `create` and `destroy`. */
export type BehaviourNeed = 'reopen' | 'share';

/** One thing that a storage does, and the sentence of the contract that says so. */
export interface StorageBehaviour {
  readonly name: string;
  /** The sentence of the contract, word by word. */
  readonly sentence: string;
  readonly need: BehaviourNeed | null;
  /** Resolves where the storage behaves so; rejects with what is wrong. Call it through `checkBehaviour`. */
  run(context: BehaviourContext): Promise<void>;
}

/** A promise that every storage keeps, and the behaviours that show it. */
export interface StoragePromise {
  readonly name: string;
  readonly behaviours: readonly StorageBehaviour[];
}

/** Makes a behaviour. */
export function behaviour(
  name: string,
  sentence: string,
  run: (context: BehaviourContext) => Promise<void>,
  need: BehaviourNeed | null = null,
): StorageBehaviour {
  return { name, sentence, need, run };
}

/** Makes a race twice: within one connection, and between two. */
export function race(
  name: string,
  sentence: string,
  run: (context: BehaviourContext, connections: readonly [BursarStorage, BursarStorage]) => Promise<void>,
): readonly [StorageBehaviour, StorageBehaviour] {
  return [
    behaviour(name, sentence, (context) => run(context, [context.storage, context.storage])),
    behaviour(
      `${name}, between two connections`,
      sentence,
      async (context) => run(context, [context.storage, await context.share()]),
      'share',
    ),
  ];
}

import { constraintOf, type Effect, explained, failureOf, NOT_KNOWN, NOTHING_CHANGED } from './failure.js';

/** Chance and waiting, which tests decide. */
export interface Pauses {
  /** From 0 to 1, so that two processes do not keep meeting. */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Waits with timers. */
export const pauses: Pauses = {
  random: Math.random,
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
};

/** What one call allows. */
export interface RetryRules {
  /** Whether sending the same again changes nothing where the first was done: after a lost connection it is sent again. */
  readonly repeatable: boolean;
  /** Whether a refusal by a unique index is answered by reading again what stands. @default false */
  readonly rereads?: boolean;
}

const MOST_CONFLICTS = 10;
const MOST_LOST = 3;
const LONGEST_PAUSE_MS = 500;

/** One try. It tells how far it came: until `sending`, nothing can have been changed. */
export type Attempt<T> = (progress: { mayHaveChanged: boolean }) => Promise<T>;

/**
 * Tries again what may be tried again, a bounded number of times: what the server undid because of another transaction,
 * what a unique index refused, and what a lost connection left without an answer.
 *
 * @throws what happened last, in words that say what is known of the write.
 */
export async function retrying<T>(attempt: Attempt<T>, rules: RetryRules, { random, sleep }: Pauses): Promise<T> {
  const tries = { conflict: 0, duplicate: 0, lost: 0, refused: 0 };
  let everLost = false;
  for (;;) {
    const progress = { mayHaveChanged: false };
    try {
      return await attempt(progress);
    } catch (error) {
      const failure = failureOf(error);
      everLost ||= failure === 'lost' && progress.mayHaveChanged;
      const most = { conflict: MOST_CONFLICTS, duplicate: rereads(error, rules), lost: lostTries(progress, rules) };
      tries[failure]++;
      if (failure === 'refused' || tries[failure] >= most[failure]) {
        throw explained(error, effectOf(everLost));
      }
      await sleep(Math.min(LONGEST_PAUSE_MS, 2 ** tries[failure] * (failure === 'lost' ? 25 : 1)) * random());
    }
  }
}

function effectOf(everLost: boolean): Effect {
  return everLost ? NOT_KNOWN : NOTHING_CHANGED;
}

// A digest that is taken is another's for ever: reading again would find the same.
function rereads(error: unknown, rules: RetryRules): number {
  return rules.rereads && !constraintOf(error)?.endsWith('_digests_pkey') ? MOST_CONFLICTS : 1;
}

function lostTries(progress: { readonly mayHaveChanged: boolean }, { repeatable }: RetryRules): number {
  return repeatable || !progress.mayHaveChanged ? MOST_LOST : 1;
}

import type { PayoutsOptions } from '@bursar/payouts';

/** Some of the hooks of `createPayouts`. What this package makes is one, and several become one by {@link observing}. */
export type Observer = Partial<Pick<PayoutsOptions, 'onAnswer' | 'aroundRequest' | 'onSecurityEvent' | 'onError'>>;

/**
 * Makes one observer of several, to be spread into the options of `createPayouts`. Each is told of everything, whatever
 * becomes of the others. Without any that has `onError`, faults go to the console, as they do by default.
 *
 * @example
 * createPayouts({ storage, secret, ...observing(usage, metrics, logsTo(logger)) });
 */
export function observing(...observers: readonly Observer[]): Observer {
  const onAnswer = observers.flatMap((one) => one.onAnswer ?? []);
  const onSecurityEvent = observers.flatMap((one) => one.onSecurityEvent ?? []);
  const onError = observers.flatMap((one) => one.onError ?? []);
  const around = observers.flatMap((one) => one.aroundRequest ?? []);
  return {
    ...(onAnswer.length > 0 ? { onAnswer: each(onAnswer) } : {}),
    ...(onSecurityEvent.length > 0 ? { onSecurityEvent: each(onSecurityEvent) } : {}),
    ...(onError.length > 0 ? { onError: each(onError) } : {}),
    ...(around.length > 0 ? { aroundRequest: nested(around) } : {}),
  };
}

/** Calls all of them at once. What one of them throws, or rejects with, goes to whoever called. */
function each<Inputs extends readonly unknown[]>(hooks: readonly ((...inputs: Inputs) => unknown)[]) {
  return async (...inputs: Inputs): Promise<void> => {
    await Promise.all(hooks.map(async (hook) => hook(...inputs)));
  };
}

type Around = NonNullable<Observer['aroundRequest']>;

/** The first one is the outermost. `run` does its work once, however often it is called. */
function nested(around: readonly Around[]): Around {
  return around.reduceRight((inner, outer) => async (asked, run) => {
    let within: unknown;
    await outer(asked, () => {
      within = inner(asked, run);
      return run();
    });
    await within;
  });
}

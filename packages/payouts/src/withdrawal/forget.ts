import { orUnavailable } from '@bursar/core';
import type { PayoutsContext } from '../options.js';
import { checkRetention } from './settings.js';

/** Which destinations to forget. */
export interface ForgetOptions {
  /** Those of withdrawals that are over since at least so many seconds. @default `withdrawals.destinationRetentionSeconds` */
  readonly seconds?: number | undefined;
}

const BATCH = 1000;

/**
 * Forgets where the money of withdrawals went that are over (`succeeded`, `failed`, `rejected`, `returned`) for long
 * enough, by storage's clock. The masked hint stays. Answers how many it forgot.
 *
 * @throws {TypeError} where it is not said after how long.
 * @throws {StorageUnavailableError} where storage cannot be asked; what was forgotten until then stays so.
 */
export async function forgetDestinations(context: PayoutsContext, { seconds }: ForgetOptions = {}): Promise<number> {
  const retention = checkRetention(seconds ?? context.withdrawals.destinationRetentionSeconds, 'seconds');
  if (retention === null)
    throw new TypeError('seconds must be given where withdrawals.destinationRetentionSeconds is not');
  let forgotten = 0;
  for (;;) {
    const count = await forgetBatch(context, retention);
    forgotten += count;
    if (count < BATCH) return forgotten;
  }
}

/** One batch of what is to be forgotten; of nothing, where destinations are kept. For the worker. */
export async function forgetDue(context: PayoutsContext): Promise<number> {
  const { destinationRetentionSeconds } = context.withdrawals;
  return destinationRetentionSeconds === null ? 0 : forgetBatch(context, destinationRetentionSeconds);
}

async function forgetBatch({ storage }: PayoutsContext, seconds: number): Promise<number> {
  return orUnavailable(() => storage.forgetDestinations(seconds, BATCH));
}

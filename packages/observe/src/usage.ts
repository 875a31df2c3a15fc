import type { Answered } from '@bursar/payouts/http';
import type { UsageKey, UsageRecord, UsageStorage, UsageSum } from '@bursar/payouts/storage';
import { Counts } from './counts.js';
import type { Observer } from './observer.js';

/** Set-up of {@link usageCounts}. */
export interface UsageOptions {
  /** The storage that `createPayouts` gets. */
  readonly storage: UsageStorage;
  /** How long counts are gathered before they are kept, in milliseconds. @default 5000 */
  readonly flushMs?: number | undefined;
  /** Told where counts could not be kept; they are kept with the next ones. @default nobody */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Runs something later; what it answers calls that off. @default setTimeout, which keeps no process alive */
  readonly schedule?: ((run: () => void, delayMs: number) => () => void) | undefined;
  /** The clock that says which day it is, in milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Which counts to add up. */
export interface SumUsageOptions {
  readonly businessId: string;
  /** A UTC day, as `2026-11-24`. */
  readonly fromDay: string;
  /** Included; at most 366 days after the first. */
  readonly toDay: string;
}

/** Which counts to list. */
export interface ListUsageOptions extends SumUsageOptions {
  /** The id of an API key, or `payout_hash` for those of all payout users. @default all */
  readonly credential?: string | undefined;
  /** As the table of routes names it: `POST /payout/create`. @default all */
  readonly route?: string | undefined;
  /** The status that was answered. @default all */
  readonly status?: number | undefined;
}

/** Counts of requests, by day, credential, route and status. */
export interface Usage extends Observer {
  onAnswer(answered: Answered): void;
  /** What this process has gathered is in it; what others have, once they have kept it. */
  list(options: ListUsageOptions): Promise<readonly UsageRecord[]>;
  /** How much each credential was used on each day, whatever it asked for: as fresh as `list`, and a fraction of its rows. */
  sums(options: SumUsageOptions): Promise<readonly UsageSum[]>;
  /** Keeps what is gathered. Does not throw: `onError` is told. */
  flush(): Promise<void>;
  /** For the end of the process: the same. */
  close(): Promise<void>;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

/**
 * Counts the requests of each credential off their way, and keeps the counts every few seconds. What is gathered when a
 * process dies is lost, and counts whose answer from storage is lost may be added twice: it is a measure, and no invoice.
 *
 * Requests without a valid credential belong to nobody, and are not counted.
 *
 * @throws {TypeError} where an option breaks its rule.
 * @example
 * const usage = usageCounts({ storage });
 * const payouts = createPayouts({ storage, secret, ...observing(usage) });
 */
export function usageCounts(options: UsageOptions): Usage {
  const { storage, flushMs = 5000, onError = () => undefined, schedule = timer, now = Date.now } = options;
  if (typeof storage?.addUsage !== 'function') throw new TypeError('storage must be one that keeps usage');
  if (!Number.isFinite(flushMs) || flushMs < 1) throw new TypeError('flushMs must be a number from 1');
  const counts = new Counts();
  let planned: (() => void) | undefined;
  let flushing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    planned?.();
    planned = undefined;
    flushing = flushing.then(() => counts.keep(storage, onError));
    return flushing;
  }

  return {
    onAnswer(answered) {
      const key = keyOf(answered, now());
      if (key === null) return;
      counts.add(key);
      planned ??= schedule(() => void flush(), flushMs);
    },
    async list(asked) {
      const { credential, route, status } = asked;
      const days = checkedDays(asked);
      await flush();
      const found = await storage.listUsage(...days);
      return found.filter(
        (count) =>
          (credential ?? count.credential) === count.credential &&
          (route ?? count.route) === count.route &&
          (status ?? count.status) === count.status,
      );
    },
    async sums(asked) {
      const days = checkedDays(asked);
      await flush();
      return storage.sumUsage(...days);
    },
    flush,
    close: flush,
  };
}

function keyOf({ businessId, credential, route, status }: Answered, now: number): UsageKey | null {
  if (businessId === null || credential === null || route === null) return null;
  return {
    businessId: businessId as UsageKey['businessId'],
    day: new Date(now).toISOString().slice(0, 10),
    credential: credential.kind === 'api_key' ? credential.id : 'payout_hash',
    route,
    status,
  };
}

function checkedDays({ businessId, fromDay, toDay }: SumUsageOptions): [UsageKey['businessId'], string, string] {
  for (const [name, day] of Object.entries({ fromDay, toDay })) {
    if (!isDay(day)) throw new TypeError(`${name} must be a day such as "2026-11-24"`);
  }
  const days = (Date.parse(toDay) - Date.parse(fromDay)) / DAY_MS;
  if (days < 0 || days > MAX_DAYS) throw new TypeError(`toDay must be from 0 to ${MAX_DAYS} days after fromDay`);
  return [businessId as UsageKey['businessId'], fromDay, toDay];
}

function isDay(day: unknown): boolean {
  if (typeof day !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const time = Date.parse(day);
  // The 30th of February is parsed as one in March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function timer(run: () => void, delayMs: number): () => void {
  const started = setTimeout(run, delayMs);
  started.unref();
  return () => clearTimeout(started);
}

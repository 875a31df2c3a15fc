import { orUnavailable } from '@bursar/core';
import { isSequence, type Page, type PageOptions, pageOf, pageStart } from '../cursor.js';
import { businessOf, type PayoutsContext } from '../options.js';
import { type Outcome, refuse } from '../outcome.js';
import type { Payouts } from '../payouts.js';
import { write } from './audited.js';
import type { AuditRecord } from './record.js';

/** Something that another package has done, and that belongs in the log. */
export interface RecordedAct {
  readonly businessId: string;
  /** For example `webhook_endpoint.create`; 1 to 64 characters of `a-z0-9_.`. */
  readonly action: string;
  /** What it was done to: an id. @default none */
  readonly target?: string | null | undefined;
  /** `ok`, `replayed`, or the code of the refusal: 1 to 64 characters of `a-z0-9_`. @default 'ok' */
  readonly outcome?: string | undefined;
  /** A few words about it, for people: at most 20 texts of 500 characters. Never a credential. @default none */
  readonly details?: Readonly<Record<string, string>> | undefined;
}

/** The audit log: who did what, when, from where, with what outcome. */
export interface Audit {
  /**
   * Writes that this caller has done something; resolves when that is kept, or will be tried again. Does nothing where there
   * is no log.
   *
   * @throws {TypeError} where an option breaks its rule.
   */
  record(options: RecordedAct): Promise<void>;
  /** One side's log, newest first. */
  list(options: PageOptions & { readonly businessId: string }): Promise<Outcome<Page<AuditRecord>>>;
}

const MAX_DETAILS = 20;

/** Makes {@link Audit}. */
export function auditOf(context: PayoutsContext): Audit {
  return {
    async record({ businessId, action, target, outcome = 'ok', details }) {
      if (!/^[a-z0-9_.]{1,64}$/.test(action)) throw new TypeError('action must be 1 to 64 characters of a-z0-9_.');
      if (!/^[a-z0-9_]{1,64}$/.test(outcome)) throw new TypeError('outcome must be 1 to 64 characters of a-z0-9_');
      if (Object.keys(details ?? {}).length > MAX_DETAILS)
        throw new TypeError(`details must be at most ${MAX_DETAILS} texts`);
      const { id } = await businessOf(context, businessId);
      await write(context, { businessId: id, action, target, details }, { outcome });
    },
    async list({ businessId, ...options }) {
      const { id } = await businessOf(context, businessId);
      const list = ['audit', id];
      const start = pageStart(list, isSequence, options);
      if (!start.ok) return refuse(start.error);
      const { after, limit } = start.value;
      const from = after === null ? null : Number(after) - 1;
      const request = { businessId: id, order: 'descending', from, limit: limit + 1 } as const;
      const found = from === 0 ? [] : await orUnavailable(() => context.storage.listAudit(request));
      return { ok: true, replayed: false, value: pageOf(list, limit, found, ({ sequence }) => String(sequence)) };
    },
  };
}

/** Which part of a log to write out. */
export interface AuditLinesOptions {
  readonly businessId: string;
  /** The first sequence that is wanted. @default 1 */
  readonly from?: number | undefined;
}

const PAGE = 1000;

/**
 * A log as JSON lines, oldest first, each with its hash and the hash before it: a copy that can be checked by itself. Each
 * line ends with a line feed.
 *
 * @throws {StorageUnavailableError} while it is read, where storage cannot be asked.
 * @example
 * for await (const line of auditLines(payouts, { businessId: 'biz_1' })) file.write(line);
 */
export async function* auditLines(
  { context }: Pick<Payouts, 'context'>,
  { businessId, from = 1 }: AuditLinesOptions,
): AsyncGenerator<string, void, undefined> {
  if (!Number.isSafeInteger(from) || from < 1) throw new TypeError('from must be an integer from 1');
  const { id } = await businessOf(context, businessId);
  for (let next = from; ; ) {
    const request = { businessId: id, order: 'ascending', from: next, limit: PAGE } as const;
    const page = await orUnavailable(() => context.storage.listAudit(request));
    for (const record of page) yield `${JSON.stringify(record)}\n`;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    next = last.sequence + 1;
  }
}

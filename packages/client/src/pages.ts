import type { Transport } from './options.js';
import { pageOf, type Reader } from './read.js';
import type { Page } from './records.js';
import { orThrow, type Result } from './result.js';
import { type CallOptions, send } from './send.js';

/** A list: page by page, or one item after the other with `for await`. */
export interface Listing<Item> {
  /** One page; without a cursor the first. */
  page(cursor?: string): Promise<Result<Page<Item>>>;
  /**
   * All items, from the first page on; the next page is asked for when it is needed.
   *
   * @throws {BursarClientError} where a page could not be had.
   */
  [Symbol.asyncIterator](): AsyncIterator<Item, undefined>;
}

/** Which list. */
interface ListRequest<Item> extends CallOptions {
  readonly path: string;
  readonly query: Readonly<Record<string, string | number | undefined>>;
  readonly read: Reader<Item>;
}

/** The list behind a path; nothing is asked for yet. */
export function listing<Item>(transport: Transport, { path, query, read, signal }: ListRequest<Item>): Listing<Item> {
  const page = (cursor?: string): Promise<Result<Page<Item>>> =>
    send(transport, { method: 'GET', path, query: { ...query, cursor }, read: pageOf(read), signal });

  async function* items(): AsyncGenerator<Item, undefined> {
    let cursor: string | undefined;
    for (;;) {
      const { items, nextCursor } = orThrow(await page(cursor));
      yield* items;
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  return { page, [Symbol.asyncIterator]: items };
}

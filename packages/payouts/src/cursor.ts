import { digest, invalidFields } from '@bursar/core';
import type { Checked } from './fields.js';

/** How a list is read page by page. */
export interface PageOptions {
  /** What the page before gave as `nextCursor`. @default the first page */
  readonly cursor?: string | undefined;
  /** From 1 to 100. @default 50 */
  readonly limit?: number | undefined;
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** For the page after this one; `null` where this is the last. */
  readonly nextCursor: string | null;
}

const DEFAULT_LIMIT = 50;
/** The longest page. */
export const MAX_LIMIT = 100;

/** Where a page begins, and how long it may be. */
export interface PageStart {
  readonly after: string | null;
  readonly limit: number;
}

/**
 * Reads the options of a page of the list that `list` names. A cursor fits its own list alone; what it could be forged
 * into is a place in that same list, so it has a checksum and no signature, and outlives every change of secret.
 *
 * @param isPlace Whether the list can have such a place: storage is not asked for one that was forged into anything else.
 */
export function pageStart(
  list: readonly string[],
  isPlace: (place: string) => boolean,
  { cursor, limit = DEFAULT_LIMIT }: PageOptions,
): Checked<PageStart> {
  const messages: Record<string, string[]> = {};
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    messages.limit = [`The limit must be an integer from 1 to ${MAX_LIMIT}.`];
  }
  const after = cursor === undefined ? null : placeOf(list, isPlace, cursor);
  if (after === undefined) messages.cursor = ['The cursor must be one that a page of this list gave.'];
  if (after === undefined || Object.keys(messages).length > 0) return { ok: false, error: invalidFields(messages) };
  return { ok: true, value: { after, limit } };
}

/** Cuts a page from a list that was read one longer than the page may be. */
export function pageOf<Item>(
  list: readonly string[],
  limit: number,
  found: readonly Item[],
  place: (item: Item) => string,
): Page<Item> {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : cursorAt(list, place(last)) };
}

function cursorAt(list: readonly string[], place: string): string {
  return `${place}.${checksum(list, place)}`;
}

function placeOf(list: readonly string[], isPlace: (place: string) => boolean, cursor: string): string | undefined {
  const dot = cursor.lastIndexOf('.');
  const place = cursor.slice(0, dot);
  return dot > 0 && isPlace(place) && cursor.slice(dot + 1) === checksum(list, place) ? place : undefined;
}

function checksum(list: readonly string[], place: string): string {
  return digest(JSON.stringify(['cursor', ...list, place])).slice(0, 12);
}

/** Whether a place is a sequence: fewer digits than 2^53 has, so that the number is the one that the text says. */
export function isSequence(place: string): boolean {
  return /^[1-9]\d{0,14}$/.test(place);
}

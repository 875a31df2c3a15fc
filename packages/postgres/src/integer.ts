/** An int8 as it arrives: as text, or as a number within JSON; both are exact, since no column goes beyond 2^53 - 1. */
export type Integer = string | number;

/**
 * Reads an int8. The constraints keep larger ones out of the tables; this keeps one out of a decision where a table was
 * written past them.
 *
 * @throws where it is not an integer that a JavaScript number holds exactly.
 */
export function integer(value: Integer): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new Error('a number in the PostgreSQL database is not an integer within 2^53 - 1: restore a backup');
  }
  return number;
}

/** As {@link integer}; NULL stays `null`. */
export function integerOrNull(value: Integer | null): number | null {
  return value === null ? null : integer(value);
}

/** Reads a boolean: `t` or `f` as text, or one within JSON. */
export function truth(value: string | boolean): boolean {
  return value === true || value === 't';
}

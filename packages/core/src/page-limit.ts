const MAX_LIMIT = 1000;

/**
 * Checks how many records a page may have.
 *
 * @throws {RangeError} where it is not an integer from 1 to 1,000.
 */
export function pageLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new RangeError(`limit must be an integer from 1 to ${MAX_LIMIT}`);
  }
  return limit;
}

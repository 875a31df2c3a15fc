/** A row that answers one element of an array that was sent. */
export interface Placed {
  /** The element's place, from 1. */
  readonly place: string;
}

/** Puts the rows at the places of their questions; where no row came, there is `undefined`. */
export function atPlaces<Row extends Placed, T>(
  rows: readonly Row[],
  count: number,
  read: (row: Row) => T,
): (T | undefined)[] {
  const answers: (T | undefined)[] = Array(count).fill(undefined);
  for (const row of rows) answers[Number(row.place) - 1] = read(row);
  return answers;
}

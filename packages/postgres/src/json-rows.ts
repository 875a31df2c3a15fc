/** A subquery that gives all rows of a statement as one text of JSON, so that rows of several tables come in one answer. */
export function allOf(select: string): string {
  return `SELECT json_agg(found) FROM (${select}) found`;
}

/** The rows of {@link allOf}. */
export function parsedRows<Row>(json: string | null): Row[] {
  return json === null ? [] : (JSON.parse(json) as Row[]);
}

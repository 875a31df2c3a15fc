/**
 * Storage's clock in a condition: the parameter, or the database's clock where that is NULL. The time of the statement,
 * which is one value for all of it: a clock that is read anew at each row would leave the condition without its index.
 */
export function clockOr(parameter: string): string {
  return `coalesce(${parameter}::bigint, floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint)`;
}

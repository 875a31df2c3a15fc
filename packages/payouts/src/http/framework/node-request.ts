import type { NodeRequest } from './body.js';

/**
 * A header by its lower-case name. `headers` keeps only the first of two `Authorization` headers, and a proxy may have looked
 * at the other one. Not `headersDistinct`, which throws in some releases of Node for a header that is called __proto__.
 */
export function nodeHeader({ headers, rawHeaders }: NodeRequest, name: string): string | undefined {
  let repeated: string | undefined;
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const sent = rawHeaders[index] as string;
    if (sent.length !== name.length || sent.toLowerCase() !== name) continue;
    repeated = count++ === 0 ? rawHeaders[index + 1] : `${repeated}, ${rawHeaders[index + 1]}`;
  }
  if (count > 1) return repeated;
  // One that was sent once may have been changed or taken away by a middleware of the host.
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'object' ? value.join(', ') : value;
}

/**
 * Every value of a query parameter. Not the framework's own, whose form is the host's choice: in some, `payout_hash[]=x` and
 * `payout_hash=x` are the same.
 */
export function nodeQuery({ url = '' }: NodeRequest, name: string): readonly string[] {
  const start = url.indexOf('?');
  return start === -1 ? [] : new URLSearchParams(url.slice(start)).getAll(name);
}

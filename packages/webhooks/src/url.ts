import { isIP } from 'node:net';
import { isPublicAddress } from './address.js';

/** Where webhooks may go to. */
export interface UrlRules {
  readonly allowHttp: boolean;
  readonly allowPrivateAddresses: boolean;
}

const MAX_URL = 2048;

/** Names that are never of the public internet (RFC 6761, RFC 6762, RFC 8375, and what clouds and homes use). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa|test|invalid|example|onion)$/;

/**
 * Checks a URL that a business gives, and writes it in its normal form: the host in lower-case ASCII, and an IPv4 address in
 * four decimal parts, however it was given.
 *
 * @returns The rule that it breaks, where it does.
 */
export function checkUrl(given: string, rules: UrlRules): { readonly url: string } | { readonly problem: string } {
  if (given.length > MAX_URL) return { problem: `The url may not be greater than ${MAX_URL} characters.` };
  // The parser removes line breaks, tabs and blanks around: what is checked would not be what was read.
  if (/[\p{C}\p{Z}\\]/u.test(given) || !URL.canParse(given)) return { problem: 'The url must be a valid URL.' };
  const url = new URL(given);
  if (url.href.length > MAX_URL) return { problem: `The url may not be greater than ${MAX_URL} characters.` };
  if (url.protocol !== 'https:' && !(rules.allowHttp && url.protocol === 'http:')) {
    return { problem: 'The url must begin with https://.' };
  }
  if (url.username !== '' || url.password !== '') return { problem: 'The url may not have a user name or a password.' };
  if (given.includes('#')) return { problem: 'The url may not have a fragment.' };
  const problem = rules.allowPrivateAddresses ? undefined : hostProblem(hostOf(url));
  return problem === undefined ? { url: url.href } : { problem };
}

/** A URL's host as a resolver or a socket takes it: an IPv6 address without brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function hostProblem(host: string): string | undefined {
  if (isIP(host) !== 0) {
    return isPublicAddress(host) ? undefined : 'The url must have a host of the public internet.';
  }
  // A name without a dot is one of the local network; a dot at the end would hide the last label, and two of them an address.
  const labels = host.replace(/\.$/, '').split('.');
  const isName = labels.length > 1 && labels.every((label) => label !== '') && !LOCAL_NAME.test(labels.join('.'));
  return isName ? undefined : 'The url must have a host of the public internet.';
}

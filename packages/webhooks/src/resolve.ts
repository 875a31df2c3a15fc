/**
 * Names to addresses, for a connection that goes to the very addresses that were checked: between a check and a second
 * look-up, a name could come to mean another machine (DNS rebinding).
 *
 * @module
 */
import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './address.js';

/** Answers with all addresses of a host name. Rejects where there is none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** The host has an address that webhooks may not go to. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly code = 'PRIVATE_ADDRESS';
}

/** A name may have hundreds of addresses; a connection tries so many of them. */
const MAX_ADDRESSES = 8;

const QUERY_TIMEOUT_MS = 2000;
const QUERY_TRIES = 2;

/** What is asked of a resolver: `Resolver` of `node:dns/promises`. */
export interface AddressQueries {
  resolve4(host: string): Promise<readonly string[]>;
  resolve6(host: string): Promise<readonly string[]>;
}

/**
 * By DNS alone, without this machine's `hosts` file or its search domains. `getaddrinfo` would hold one of the four threads
 * that the whole process has, for as long as a name server of a business's own choice does not answer.
 */
export function resolveByDns(
  queries: AddressQueries = new dns.Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES }),
): ResolveHost {
  return async (host) => {
    const asked = await Promise.allSettled([queries.resolve4(host), queries.resolve6(host)]);
    const addresses = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const [first] = asked;
    if (addresses.length === 0) throw first.status === 'rejected' ? first.reason : notFound();
    return addresses;
  };
}

/** As every other program of this machine does it, for servers on the local network. */
export const resolveBySystem: ResolveHost = async (host) =>
  (await dns.lookup(host, { all: true })).map(({ address }) => address);

/** A `lookup` for sockets that answers with checked addresses alone: where one is not public, with none. */
export function checkedLookup(resolve: ResolveHost, allowPrivateAddresses: boolean): LookupFunction {
  return (host, options, callback) => {
    resolve(host)
      .then((addresses) => {
        const found = addresses
          .slice(0, MAX_ADDRESSES)
          .map((address): LookupAddress => ({ address, family: isIP(address) }));
        if (!allowPrivateAddresses && !addresses.every(isPublicAddress)) throw new PrivateAddressError(host);
        const [first] = found;
        if (first === undefined) throw notFound();
        return { found, first };
      })
      .then(
        ({ found, first }) =>
          options.all === true ? callback(null, found) : callback(null, first.address, first.family),
        (error: NodeJS.ErrnoException) => callback(error, '', 0),
      );
  };
}

function notFound(): Error {
  return Object.assign(new Error('the host has no address'), { code: 'ENOTFOUND' });
}

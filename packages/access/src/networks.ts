import type { Networks } from '@bursar/core';
import ipaddr from 'ipaddr.js';

/**
 * Reads addresses and networks (IPv4 and IPv6, in CIDR form or single), for API keys that may be used from some networks
 * alone. An IPv4 address that is written as an IPv6 one is the IPv4 address.
 *
 * @example
 * createAuth({ storage, secret, networks: addressNetworks(), clientAddress });
 */
export function addressNetworks(): Networks {
  return {
    canonical: canonicalNetwork,
    contain(networks, address) {
      const read = readAddress(address);
      return read !== null && networks.some((network) => includes(network, read));
    },
  };
}

type Address = ReturnType<typeof ipaddr.process>;

/** The address, or `null` where it is none. `1.2.3` and `0x7f.1`, which some systems read as addresses, are none here. */
export function readAddress(text: string): Address | null {
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  return isAddress ? ipaddr.process(text) : null;
}

function canonicalNetwork(text: string): string | null {
  const [address = '', length, ...more] = text.split('/');
  const read = readAddress(address);
  // What is mapped has two lengths to count by; say which network is meant.
  if (read === null || more.length > 0 || (read.kind() === 'ipv4' && address.includes(':'))) return null;
  const bits = read.kind() === 'ipv4' ? 32 : 128;
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= bits)) return null;
  const network = `${read.toNormalizedString()}/${length === undefined ? bits : Number(length)}`;
  const first = read.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${first.networkAddressFromCIDR(network).toString()}/${network.slice(network.indexOf('/') + 1)}`;
}

function includes(network: string, address: Address): boolean {
  const [range, bits] = ipaddr.parseCIDR(network);
  return (
    range.kind() === address.kind() && address.match([range, bits] as [ipaddr.IPv4, number] & [ipaddr.IPv6, number])
  );
}

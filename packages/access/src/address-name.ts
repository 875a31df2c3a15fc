import ipaddr from 'ipaddr.js';
import { readAddress } from './networks.js';

const MAX_LENGTH = 64;

/** What an address is counted by: an IPv6 one with its /64, since whoever has one has all of them. */
export function addressName(text: string): string {
  const address = readAddress(text);
  if (address === null) return text.slice(0, MAX_LENGTH);
  if (address.kind() === 'ipv4') return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString();
}

import ipaddr from 'ipaddr.js';

// RFC 4291, section 2.4: all that is handed out lies in 2000::/3. What lies outside, such as the IPv4-compatible
// ::127.0.0.1, some list of special ranges may forget.
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
// RFC 6052. Where DNS64 is, every IPv4 server has such an address; the local-use prefix of RFC 8215 is another one.
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
// Azure's own agent answers there to every virtual machine, though the range is public.
const OF_A_CLOUD = new Set(['168.63.129.16']);

/**
 * Whether an address is one of the public internet: no loopback, private, link-local, unique-local, carrier's, multicast,
 * unspecified, documented or reserved one, also not within an IPv6 form (mapped, compatible, NAT64, 6to4, Teredo).
 *
 * @param text As a resolver, or a URL's host without brackets, gives it. What is no address is not public.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublicAddress(text: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return ipaddr.IPv4.parse(text).range() === 'unicast' && !OF_A_CLOUD.has(text);
  }
  // A zone names an interface of this machine.
  if (!ipaddr.IPv6.isValid(text) || text.includes('%')) return false;
  const address = ipaddr.IPv6.parse(text);
  if (address.match(NAT64)) return isPublicAddress(address.toByteArray().slice(12).join('.'));
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST);
}

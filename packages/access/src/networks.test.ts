import { describe, expect, it } from 'vitest';
import { addressName } from './address-name.js';
import { addressNetworks } from './networks.js';

const networks = addressNetworks();

describe('a network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7/32'],
    ['192.0.2.7/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::7', '2001:db8::7/128'],
    ['2001:db8:0:0:1::7/64', '2001:db8::/64'],
  ])('has one form: %s is %s', (text, form) => {
    expect(networks.canonical(text)).toBe(form);
    expect(networks.canonical(form)).toBe(form);
  });

  it.each([
    '',
    '*',
    'example.com',
    '192.0.2',
    '192.0.2.256',
    '0x7f.0.0.1',
    '017.0.0.1/8',
    '192.0.2.7/33',
    '192.0.2.7/-1',
    '192.0.2.7/1e1',
    '192.0.2.7/',
    '192.0.2.7/24/24',
    '::ffff:192.0.2.7/120',
    '2001:db8::/129',
    ' 192.0.2.7',
  ])('is none: %j', (text) => {
    expect(networks.canonical(text)).toBeNull();
  });

  it.each([
    ['192.0.2.7', ['192.0.2.0/24'], true],
    ['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
    ['192.0.3.7', ['192.0.2.0/24'], false],
    ['192.0.3.7', ['192.0.2.0/24', '192.0.3.7/32'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['2001:db8::1', ['0.0.0.0/0'], false],
    ['192.0.2.7', ['::/0'], false],
    ['not an address', ['0.0.0.0/0', '::/0'], false],
    ['3221225991', ['0.0.0.0/0'], false],
    ['192.0.2.7', [], false],
  ])('holds an address or does not: %s in %j is %s', (address, list, contained) => {
    expect(networks.contain(list, address)).toBe(contained);
  });
});

describe('the name that an address is counted by', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2::9', '2001:db8:1:2::'],
    ['fe80::1%eth0', 'fe80::'],
  ])('is the address, or the network that one client has: %s', (address, name) => {
    expect(addressName(address)).toBe(name);
  });

  it('is bounded where the host gives another text', () => {
    expect(addressName('x'.repeat(1000))).toHaveLength(64);
  });
});

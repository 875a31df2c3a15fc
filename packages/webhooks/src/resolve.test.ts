import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkedLookup, PrivateAddressError, type ResolveHost, resolveByDns, resolveBySystem } from './resolve.js';

const gives =
  (...addresses: string[]): ResolveHost =>
  async () =>
    addresses;

function all(lookup: LookupFunction): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup('hooks.example.com', { all: true }, (error, found) =>
      error === null ? resolve(found as LookupAddress[]) : reject(error),
    );
  });
}

describe('a look-up for a socket', () => {
  it('answers with all addresses, or with the first, as it is asked', async () => {
    const lookup = checkedLookup(gives('8.8.8.8', '2606:4700::1'), false);
    const both = [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ];
    expect(await all(lookup)).toEqual(both);
    const one = await new Promise((resolve) =>
      lookup('hooks.example.com', {}, (_error, address, family) => resolve([address, family])),
    );
    expect(one).toEqual(['8.8.8.8', 4]);
  });

  it('answers with none where one of them is not public', async () => {
    await expect(all(checkedLookup(gives('8.8.8.8', '127.0.0.1'), false))).rejects.toThrow(PrivateAddressError);
    await expect(all(checkedLookup(gives('8.8.8.8', '::1'), false))).rejects.toThrow(PrivateAddressError);
    await expect(all(checkedLookup(gives('what is this'), false))).rejects.toThrow(PrivateAddressError);
    expect(await all(checkedLookup(gives('127.0.0.1'), true))).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });

  it('answers with a few of hundreds of addresses, and has checked them all', async () => {
    const many = Array.from({ length: 200 }, (_, index) => `8.8.8.${index}`);
    expect(await all(checkedLookup(gives(...many), false))).toHaveLength(8);
    await expect(all(checkedLookup(gives(...many, '10.0.0.1'), false))).rejects.toThrow(PrivateAddressError);
  });

  it('fails where there is no address, or no answer', async () => {
    await expect(all(checkedLookup(gives(), false))).rejects.toMatchObject({ code: 'ENOTFOUND' });
    const away = async () => Promise.reject(Object.assign(new Error('away'), { code: 'ETIMEOUT' }));
    await expect(all(checkedLookup(away, false))).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });
});

describe('resolving by DNS', () => {
  const none = async (): Promise<string[]> => Promise.reject(Object.assign(new Error('none'), { code: 'ENODATA' }));

  it('takes the addresses of both kinds, and is content with one kind', async () => {
    const four = async () => ['8.8.8.8'];
    const six = async () => ['2606:4700::1'];
    expect(await resolveByDns({ resolve4: four, resolve6: six })('x')).toEqual(['8.8.8.8', '2606:4700::1']);
    expect(await resolveByDns({ resolve4: none, resolve6: six })('x')).toEqual(['2606:4700::1']);
    expect(await resolveByDns({ resolve4: four, resolve6: none })('x')).toEqual(['8.8.8.8']);
  });

  it('fails where there is none of either', async () => {
    await expect(resolveByDns({ resolve4: none, resolve6: none })('x')).rejects.toMatchObject({ code: 'ENODATA' });
    const empty = async () => [];
    await expect(resolveByDns({ resolve4: empty, resolve6: empty })('x')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});

it('resolving as the system does finds this machine', async () => {
  expect((await resolveBySystem('localhost')).some((address) => ['127.0.0.1', '::1'].includes(address))).toBe(true);
});

import { describe, expect, it } from 'vitest';
import { businessClient, payoutUserClient } from './index.js';

const baseUrl = 'https://api.example.com';

describe('an option that is wrong', () => {
  it.each([
    ['timeoutMs', 0],
    ['timeoutMs', Number.POSITIVE_INFINITY],
    ['deadlineMs', 2_147_483_648],
    ['maxRetries', -1],
    ['maxRetries', 1.5],
  ])('is named: %s %d', (name, value) => {
    expect(() => businessClient({ baseUrl, apiKey: 'k', [name]: value })).toThrow(
      new RegExp(`^${name} must be an integer`),
    );
  });

  it.each(['', 'a b', 'a\r\nx: y', 'é', undefined])('is named: the API key %j', (apiKey) => {
    expect(() => businessClient({ baseUrl, apiKey: apiKey as string })).toThrow(
      /^apiKey must be an API key: [a-zA-Z ]+$/,
    );
  });

  it.each(['', 'f'.repeat(63), 'F'.repeat(64), `${'f'.repeat(64)}\n`, undefined])(
    'is named, and not repeated: the payout hash %j',
    (payoutHash) => {
      const make = () => payoutUserClient({ baseUrl, payoutHash: payoutHash as string });
      expect(make).toThrow(/^payoutHash must be 64 hexadecimal digits in lower case$/);
    },
  );

  it.each(['', '.', '..', 'a b', 'é', undefined])('is named: the id %j, which leads to no other route', async (id) => {
    const client = businessClient({ baseUrl, apiKey: 'k', fetch: () => Promise.reject(new Error('it was sent')) });
    await expect(client.users.reissue(id as string)).rejects.toThrow(/^id must/);
    await expect(client.withdrawals.approve(id as string)).rejects.toThrow(/^id must/);
    expect(() => client.users.operations(id as string)).toThrow(/^id must/);
  });

  it('is no id with signs in it: they are escaped', async () => {
    const asked: string[] = [];
    const fetch = async (url: string) => {
      asked.push(url);
      return new Response('{"error":"Not found"}', { status: 404 });
    };
    await businessClient({ baseUrl, apiKey: 'k', fetch }).users.get('a/../b?c#d%2e');
    expect(asked).toEqual(['https://api.example.com/payout/users/a%2F..%2Fb%3Fc%23d%252e']);
  });
});

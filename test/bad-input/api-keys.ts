import type { World } from '../http/world.js';
import { type BadInput, casesOf } from './case.js';

type Header = (world: World) => string | readonly string[];

const HEADERS: Readonly<Record<string, Header>> = {
  empty: () => '',
  'another scheme': ({ keys }) => `Basic ${keys.good}`,
  'the scheme alone': () => 'Bearer',
  'the scheme and a blank': () => 'Bearer ',
  'no scheme': ({ keys }) => keys.good,
  'two tokens': ({ keys }) => `Bearer ${keys.good} ${keys.good}`,
  'two tokens with a comma': ({ keys }) => `Bearer ${keys.good}, Bearer ${keys.good}`,
  'a tab before the token': ({ keys }) => `Bearer\t${keys.good}`,
  'a tab in the token': ({ keys }) => `Bearer ${keys.good.slice(0, 20)}\t${keys.good.slice(20)}`,
  'one digit changed': ({ keys }) => `Bearer ${changed(keys.good, 20)}`,
  'one digit of the checksum changed': ({ keys }) => `Bearer ${changed(keys.good, keys.good.length - 1)}`,
  '5,000 digits': () => `Bearer ${'7'.repeat(5_000)}`,
  '5,000 digits after a good key': ({ keys }) => `Bearer ${keys.good}${'7'.repeat(5_000)}`,
  'upper case': ({ keys }) => `Bearer ${keys.good.toUpperCase()}`,
  'the test mode of a live key': ({ keys }) => `Bearer ${keys.good.replace('_live_', '_test_')}`,
  'a quoted key': ({ keys }) => `Bearer "${keys.good}"`,
  'a payout hash': ({ hashes }) => `Bearer ${hashes.good}`,
  'a name of Object.prototype': () => 'Bearer __proto__',
  'a look-alike letter': ({ keys }) => `Bearer ${keys.good.replace('a', '\u00e1')}\u00e1`,
};

function changed(key: string, place: number): string {
  return key.slice(0, place) + (key[place] === 'x' ? 'y' : 'x') + key.slice(place + 1);
}

/** API keys that let nobody in. */
export const apiKeys: readonly BadInput[] = [
  { name: 'Authorization: absent', sent: () => ({ path: '/v1/balance' }), status: 401 },
  {
    name: 'Authorization: absent, with the key elsewhere',
    sent: ({ keys }) => ({ path: `/v1/balance?api_key=${keys.good}`, headers: { 'x-payout-hash': keys.good } }),
    status: 401,
  },
  ...casesOf('Authorization', 401, HEADERS, (world, header) => ({
    path: '/v1/balance',
    headers: { authorization: header(world) },
  })),
];

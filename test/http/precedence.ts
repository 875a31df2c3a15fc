/** Where a payout hash counts; a test file says in which framework. */
import { describe, expect, it } from 'vitest';
import type { Framework } from './frameworks.js';
import { sharedHost } from './host.js';
import type { Sent } from './target.js';

const PLACES = ['absent', 'right', 'wrong'] as const;
type Place = (typeof PLACES)[number];

const ROWS = PLACES.flatMap((header) =>
  PLACES.flatMap((body) => PLACES.map((query) => [header, body, query] as const)),
);

const MISSING = 'Missing authorization header';
const REFUSED = 'Payout hash not found or inactive';

/** Registers the tests for one framework. */
export function describePrecedence(name: string, framework: Framework): void {
  describe(name, () => {
    const served = sharedHost(framework);

    const hash = (place: Place): string => (place === 'right' ? served().hashes.good : 'f'.repeat(64));

    function asked(header: Place, body: Place, query: Place): Sent {
      return {
        method: 'POST',
        path: query === 'absent' ? '/hashed' : `/hashed?payout_hash=${hash(query)}`,
        headers: {
          'content-type': 'application/json',
          ...(header === 'absent' ? {} : { 'x-payout-hash': hash(header) }),
        },
        body: body === 'absent' ? '{}' : JSON.stringify({ payout_hash: hash(body) }),
      };
    }

    it.each(ROWS)('with the header %s, the body %s, the query %s', async (header, body, query) => {
      const decisive = [header, body, query].find((place) => place !== 'absent');
      const answer = await served().send(asked(header, body, query));
      if (decisive === 'right') expect(answer.status).toBe(200);
      else {
        expect(answer.status).toBe(401);
        expect(JSON.parse(answer.body)).toHaveProperty('message', decisive === undefined ? MISSING : REFUSED);
      }
    });

    it('ignores the other credential of a request', async () => {
      const headers = { authorization: `Bearer ${served().keys.good}`, 'x-payout-hash': served().hashes.good };
      const wrongHash = { ...headers, 'x-payout-hash': 'f'.repeat(64) };
      expect((await served().send({ path: '/keyed', headers: wrongHash })).status).toBe(200);
      expect((await served().send({ path: '/hashed', headers: wrongHash })).status).toBe(401);
      const wrongKey = { ...headers, authorization: 'Bearer nonsense' };
      expect((await served().send({ path: '/keyed', headers: wrongKey })).status).toBe(401);
      expect((await served().send({ path: '/hashed', headers: wrongKey })).status).toBe(200);
    });

    it('keeps the answer to a request with a hash out of caches and referrers', async () => {
      const { headers } = await served().send({ path: `/hashed?payout_hash=${served().hashes.good}` });
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    });
  });
}

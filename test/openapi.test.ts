/** The OpenAPI document against the recommended rules of Redocly and Spectral; and that it is held against answers. */
import { memoryStorage } from '@bursar/memory';
import { allocationFields, createPayouts, type PayoutMethod, payoutMethod } from '@bursar/payouts';
import { type OpenApiDocument, openApiDocument } from '@bursar/payouts/http';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import { describe, expect, it } from 'vitest';
import type { Received } from './http/target.js';
import { describedBy } from './openapi/described.js';

/** What the rules found wrong, at every severity. */
async function redocly(document: OpenApiDocument): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
}

async function spectralOas(document: OpenApiDocument): Promise<string[]> {
  const linter = new spectral.Spectral();
  linter.setRuleset({ extends: [[oas as unknown as RulesetDefinition, 'recommended']] });
  const problems = await linter.run(JSON.stringify(document));
  return problems.map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`);
}

const card = payoutMethod({
  id: 'card',
  name: 'Gift card',
  schema: allocationFields.pick({ email: true }),
  minimum: 100,
  maximum: 100_000,
  mask: () => '…',
}) as unknown as PayoutMethod;
const payouts = createPayouts({
  storage: memoryStorage(),
  secret: 'a secret of the tests, 32 bytes.',
  methods: [card, { ...card, id: 'voucher' }, { ...card, id: 'off', enabled: false }],
});

const documents = {
  'as it is by default': openApiDocument(),
  'with payout methods and a server': openApiDocument({
    payouts,
    title: 'Payouts of a test',
    version: '2.1.0',
    servers: [{ url: 'https://api.bursar.test/v1', description: 'Live' }],
  }),
};

describe.each(Object.entries(documents))('the OpenAPI document %s', { timeout: 60_000 }, (_, document) => {
  it('keeps the recommended rules of Redocly', async () => {
    expect(await redocly(document)).toEqual([]);
  });

  it('keeps the recommended rules of Spectral', async () => {
    expect(await spectralOas(document)).toEqual([]);
  });
});

it('the linters find what is wrong with a document', { timeout: 60_000 }, async () => {
  const { tags: _, ...untagged } = openApiDocument();
  const broken = { ...untagged, servers: [] } as unknown as OpenApiDocument;
  expect((await redocly(broken)).join('\n')).toMatch(/no-empty-servers/);
  expect((await spectralOas(broken)).join('\n')).toMatch(/operation-tag-defined/);
});

describe('holding an answer against the document', () => {
  const described = describedBy(openApiDocument(), '/v1');
  const good: Received = {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-request-id': 'req_1',
    },
    body: '{"balance":1,"payout_balance":2}',
  };
  const problems = (over: Partial<Received>, method = 'GET') =>
    described({ method, path: '/v1/balance?x=1' }, { ...good, ...over }).join('\n');
  const { 'x-request-id': _, ...withoutId } = good.headers;

  it.each([
    ['is as it should be', {}, /^$/],
    ['has a status that is not there', { status: 418 }, /418 is not described/],
    ['has a status that another route has', { status: 404, body: '{"error":"Not found"}' }, /404 is not described/],
    ['lacks a header', { headers: withoutId }, /x-request-id is undefined/],
    ['has another header', { headers: { ...good.headers, 'x-secret': 's' } }, /x-secret is not described/],
    ['has another value of a header', { headers: { ...good.headers, 'cache-control': 'public' } }, /cache-control is/],
    ['has another type', { headers: { ...good.headers, 'content-type': 'text/html' } }, /text\/html is not/],
    ['has a field too many', { body: '{"balance":1,"payout_balance":2,"owner":"x"}' }, /does not fit/],
    ['lacks a field', { body: '{"balance":1}' }, /does not fit/],
    ['has a balance that is none', { body: '{"balance":-1,"payout_balance":2}' }, /does not fit/],
  ])('says when it %s', (_name, over, found) => {
    expect(problems(over)).toMatch(found);
  });

  it('expects 405 of another method, 204 of OPTIONS and no body of HEAD', () => {
    const headers = { ...good.headers, allow: 'GET, HEAD, OPTIONS' };
    expect(problems({}, 'DELETE')).toMatch(/yet no 405/);
    expect(problems({ status: 405, headers, body: '{"error":"Method not allowed"}' }, 'DELETE')).toBe('');
    expect(problems({}, 'OPTIONS')).toMatch(/OPTIONS got 200/);
    expect(problems({}, 'HEAD')).toMatch(/a body/);
    expect(problems({ body: '' }, 'HEAD')).toBe('');
  });
});

describe('the payout methods of the document', () => {
  const body = (document: OpenApiDocument): Record<string, object> => {
    const { requestBody } = document.paths['/payout/withdraw']?.post ?? {};
    const { content } = requestBody as { content: { 'application/json': { schema: { properties: object } } } };
    return content['application/json'].schema.properties as Record<string, object>;
  };

  it('are the enabled ones, with what each asks for', () => {
    expect(body(openApiDocument({ payouts }))).toMatchObject({
      method: { enum: ['card', 'voucher'] },
      destination: {
        anyOf: [
          { title: 'card', properties: { email: { format: 'idn-email' } }, required: ['email'] },
          { title: 'voucher' },
        ],
      },
    });
  });

  it('are left out where the document is of no server', () => {
    expect(body(openApiDocument()).destination).toMatchObject({ type: 'object' });
  });
});

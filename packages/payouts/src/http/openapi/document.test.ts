import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { SECRET } from '../../../test/scene.js';
import { createPayouts, type PayoutMethod, payoutMethod } from '../../index.js';
import { type OpenApiDocument, openApiDocument } from './document.js';

const path = join(import.meta.dirname, '../../../test/openapi.json');

describe('the OpenAPI document', () => {
  it('is that of test/openapi.json', async () => {
    // Vitest would write one that is not there, and be content.
    expect(existsSync(path)).toBe(true);
    await expect(
      `${JSON.stringify(openApiDocument(), null, 2)}\n`,
      'a deliberate change is written down by: npm run api',
    ).toMatchFileSnapshot(path);
  });

  it('is plain JSON', () => {
    const document = openApiDocument();
    expect(document).toStrictEqual(JSON.parse(JSON.stringify(document)));
  });

  it('says of the server what it is told, and the same of the API', () => {
    const plain = openApiDocument();
    const told = { title: 'Our payouts', version: '2.1.0', contact: { name: 'Ann' }, license: { name: 'Ours' } };
    const servers = [{ url: 'https://api.example.com/v1', description: 'Live' }];
    expect(openApiDocument({ ...told, servers })).toEqual({ ...plain, servers, info: { ...plain.info, ...told } });
  });
});

const gift = method('gift', z.strictObject({ email: z.email() }));
const bank = method('bank', z.strictObject({ iban: z.string() }));
const GIFT = {
  title: 'gift',
  type: 'object',
  properties: { email: expect.objectContaining({ format: 'email' }) as object },
  required: ['email'],
  additionalProperties: false,
};
const BANK = {
  title: 'bank',
  type: 'object',
  properties: { iban: { type: 'string' } },
  required: ['iban'],
  additionalProperties: false,
};

function method<Schema extends z.ZodObject>(id: string, schema: Schema, enabled = true): PayoutMethod {
  const made = payoutMethod({ id, name: id, schema, minimum: 1, maximum: 100, enabled, mask: () => '…' });
  return made as unknown as PayoutMethod;
}

function documentWith(...methods: PayoutMethod[]): OpenApiDocument {
  return openApiDocument({ payouts: createPayouts({ storage: memoryStorage(), secret: SECRET, methods }) });
}

/** What the document says of the body of a withdrawal. */
function withdrawalIn({ paths }: OpenApiDocument) {
  const { requestBody } = paths['/payout/withdraw']?.post ?? {};
  const { content } = requestBody as {
    content: { 'application/json': { schema: { properties: Record<string, object> } } };
  };
  const { schema, ...example } = content['application/json'];
  const { properties, ...rules } = schema;
  return { properties, rules, example };
}

describe('the OpenAPI document of a server with payout methods', () => {
  it('is another only in the body of a withdrawal', () => {
    const [withMethods, plain] = [documentWith(gift), openApiDocument()];
    const { '/payout/withdraw': changed, ...others } = withMethods.paths;
    const { '/payout/withdraw': usual, ...usualOthers } = plain.paths;
    expect(others).toEqual(usualOthers);
    expect({ ...changed?.post, requestBody: null }).toEqual({ ...usual?.post, requestBody: null });
    expect({ ...withMethods, paths: null }).toEqual({ ...plain, paths: null });
  });

  it.each([
    ['one', [gift], ['gift'], GIFT],
    ['two', [gift, bank], ['gift', 'bank'], { description: expect.any(String) as string, anyOf: [GIFT, BANK] }],
    ['one that is switched off', [method('off', z.strictObject({}), false), bank], ['bank'], BANK],
  ])('shows the destinations of %s', (_, methods, ids, destination) => {
    const { properties, rules, example } = withdrawalIn(documentWith(...methods));
    const usual = withdrawalIn(openApiDocument());
    expect(properties).toEqual({
      ...usual.properties,
      method: { ...usual.properties.method, enum: ids, examples: [ids[0]] },
      destination,
    });
    expect(Object.keys(properties).slice(0, 2)).toEqual(['method', 'amount']);
    expect(rules).toEqual(usual.rules);
    // What fits a schema of the team's own, only the team can say.
    expect(example).toEqual({});
  });

  it('has the description of a destination above the schemas of several', () => {
    const { destination } = withdrawalIn(documentWith(gift, bank)).properties;
    expect(destination).toMatchObject({ description: 'As the schema of the payout method wants it.' });
  });

  it('shows no destination whose schema refers to itself, which inside the document would lead nowhere', () => {
    const node = z.strictObject({
      get next() {
        return node.optional();
      },
    });
    const { properties } = withdrawalIn(documentWith(gift, method('tree', node)));
    expect(properties.method).toMatchObject({ enum: ['gift', 'tree'] });
    expect(properties.destination).toEqual(withdrawalIn(openApiDocument()).properties.destination);
  });

  it('is that of a server without, where none is switched on', () => {
    expect(documentWith()).toEqual(openApiDocument());
    expect(documentWith(method('off', z.strictObject({}), false))).toEqual(openApiDocument());
  });
});

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { SECRET } from '../../../test/scene.js';
import { createPayouts, type PayoutMethod, payoutMethod } from '../../index.js';
import { openApiDocument } from './document.js';

const path = join(import.meta.dirname, '../../../test/openapi.json');
const plain = openApiDocument();

describe('the OpenAPI document', () => {
  it('is that of test/openapi.json', async () => {
    // Vitest would write one that is not there, and be content.
    expect(existsSync(path)).toBe(true);
    await expect(
      `${JSON.stringify(plain, null, 2)}\n`,
      'a deliberate change is written down by: npm run api',
    ).toMatchFileSnapshot(path);
  });

  it('says of the server what it is told, and the same of the API', () => {
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
const ANY = propertiesOf(withdrawal(plain)).destination;

function method<Schema extends z.ZodObject>(id: string, schema: Schema, enabled = true): PayoutMethod {
  const made = payoutMethod({ id, name: id, schema, minimum: 1, maximum: 100, enabled, mask: () => '…' });
  return made as unknown as PayoutMethod;
}

function documentWith(...methods: PayoutMethod[]) {
  return openApiDocument({ payouts: createPayouts({ storage: memoryStorage(), secret: SECRET, methods }) });
}

/** What the document says of the body of a withdrawal. */
function withdrawal({ paths }: typeof plain) {
  const { requestBody } = paths['/payout/withdraw']?.post ?? {};
  return (requestBody as { content: { 'application/json': { schema: object; example?: unknown } } }).content[
    'application/json'
  ];
}

function propertiesOf({ schema }: ReturnType<typeof withdrawal>) {
  return (schema as { properties: Record<string, unknown> }).properties;
}

describe('the OpenAPI document of a server with payout methods', () => {
  it('is another only in the body of a withdrawal', () => {
    const { '/payout/withdraw': ofMethods, ...others } = documentWith(gift).paths;
    const { '/payout/withdraw': ofNone, ...plainOthers } = plain.paths;
    expect(others).toEqual(plainOthers);
    expect({ ...ofMethods?.post, requestBody: null }).toEqual({ ...ofNone?.post, requestBody: null });
    expect({ ...documentWith(gift), paths: null }).toEqual({ ...plain, paths: null });
  });

  it.each([
    ['one', [gift], ['gift'], GIFT],
    ['two', [gift, bank], ['gift', 'bank'], { description: expect.any(String) as string, anyOf: [GIFT, BANK] }],
    ['one that is switched off', [method('off', gift.schema, false), bank], ['bank'], BANK],
  ])('shows the destinations of %s', (_, methods, ids, destination) => {
    const body = withdrawal(documentWith(...methods));
    const { method, ...others } = propertiesOf(withdrawal(plain));
    expect(propertiesOf(body)).toEqual({
      ...others,
      method: { ...(method as object), enum: ids, examples: [ids[0]] },
      destination,
    });
    expect(Object.keys(propertiesOf(body)).slice(0, 2)).toEqual(['method', 'amount']);
    expect({ ...(body.schema as object), properties: null }).toEqual({
      ...(withdrawal(plain).schema as object),
      properties: null,
    });
    // What fits a schema of the team's own, only the team can say.
    expect(body).not.toHaveProperty('example');
  });

  it('has the description of a destination above the schemas of several', () => {
    const { destination } = propertiesOf(withdrawal(documentWith(gift, bank)));
    expect(destination).toHaveProperty('description', (ANY as { description: string }).description);
  });

  it('shows no destination whose schema refers to itself, which inside the document would lead nowhere', () => {
    const node = z.strictObject({
      get next() {
        return node.optional();
      },
    });
    const { method: named, destination } = propertiesOf(withdrawal(documentWith(gift, method('tree', node))));
    expect(named).toMatchObject({ enum: ['gift', 'tree'] });
    expect(destination).toEqual(ANY);
  });

  it('is that of a server without, where none is switched on', () => {
    expect(documentWith()).toEqual(plain);
    expect(documentWith(method('off', z.strictObject({}), false))).toEqual(plain);
  });
});

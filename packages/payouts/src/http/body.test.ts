import type { RequestBody } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { request } from '../../test/requests.js';
import { readBody } from './body.js';

const read = (body: RequestBody, type = 'application/json') =>
  readBody(request({ method: 'POST', headers: { 'content-type': type }, body }));
const text = (json: string): RequestBody => ({ kind: 'text', text: json });

describe('readBody', () => {
  it('has the fields of a JSON body', async () => {
    expect(await read(text('{"email":"a@b.co","amount":1}'))).toEqual({
      ok: true,
      fields: { email: 'a@b.co', amount: 1 },
    });
  });

  it('has no fields without a body', async () => {
    expect(await read({ kind: 'none' })).toEqual({ ok: true, fields: {} });
    expect(await read(text(''))).toEqual({ ok: true, fields: {} });
  });

  it('takes a body that somebody has parsed before', async () => {
    expect(await read({ kind: 'parsed', value: { amount: 1 } })).toEqual({ ok: true, fields: { amount: 1 } });
  });

  it.each([null, [], ['payout_hash'], 'payout_hash', 7, true])(
    'hands over what is no object, for the check of the fields to refuse: %j',
    async (value) => {
      expect(await read(text(JSON.stringify(value)))).toEqual({ ok: true, fields: value });
    },
  );

  it('answers with no credential that is the name of two fields', async () => {
    const hash = 'f'.repeat(64);
    expect(await read(text(`{"${hash}":1,"${hash}":2}`))).toMatchObject({
      error: { body: { '[redacted]': ['The [redacted] field may be sent only once.'] } },
    });
  });

  it('sees no repeated field in an array, which has none', async () => {
    expect(await read(text('[{"a":1,"a":2}]'))).toEqual({ ok: true, fields: [{ a: 2 }] });
  });

  it('leaves the payout hash out, which is a credential, and nothing else', async () => {
    const json = '{"payout_hash":"x","amount":1,"__proto__":{"email":"a@b.co"}}';
    const body = await read(text(json));
    if (!body.ok) throw new Error('the body was refused');
    expect(Object.entries(body.fields as object)).toEqual([
      ['amount', 1],
      ['__proto__', { email: 'a@b.co' }],
    ]);
  });

  it('does not take a payout hash that every object would inherit for one', async () => {
    const value: unknown = Object.create({ payout_hash: 'x' }, { amount: { value: 1, enumerable: true } });
    expect(await read({ kind: 'parsed', value })).toEqual({ ok: true, fields: value });
  });

  it('refuses a field that is sent twice: another parser may have kept the other one', async () => {
    expect(await read(text('{"amount":1,"email":"a@b.co","amount":100}'))).toMatchObject({
      ok: false,
      error: { status: 422, body: { amount: ['The amount field may be sent only once.'] } },
    });
    expect(await read(text('{"amount":1,"\\u0061mount":2,"metadata":{"a":"1","a":"2"}}'))).toMatchObject({
      error: {
        body: {
          amount: ['The amount field may be sent only once.'],
          metadata: ['The metadata field may be sent only once.'],
        },
      },
    });
  });

  it('refuses a repeated __proto__ under that name', async () => {
    const body = await read(text('{"__proto__":1,"__proto__":2}'));
    expect(body.ok ? [] : Object.entries(body.error.body)).toEqual([
      ['__proto__', ['The __proto__ field may be sent only once.']],
    ]);
  });

  it.each(['{"amount":1', '{amount:1}', 'amount=1', '{"amount":01}', 'NaN'])(
    'refuses what is no JSON: %s',
    async (json) => {
      expect(await read(text(json))).toMatchObject({ ok: false, error: { code: 'malformed_body', status: 400 } });
    },
  );

  it('refuses bytes that are not what the headers say', async () => {
    expect(await read({ kind: 'malformed' })).toMatchObject({ ok: false, error: { status: 400 } });
  });

  it('refuses what is too large, and says how large it may be', async () => {
    expect(await read({ kind: 'too_large', limit: 1024 })).toMatchObject({
      ok: false,
      error: { status: 413, body: { error: 'Body too large', message: 'The body must be at most 1024 bytes.' } },
    });
  });

  it('refuses another type', async () => {
    const refused = { ok: false, error: { code: 'unsupported_media_type', status: 415 } };
    expect(await read({ kind: 'unsupported' })).toMatchObject(refused);
    expect(await read(text('{}'), 'text/plain')).toMatchObject(refused);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { json, parsed, request } from '../../test/requests.js';
import type { RequestBody } from '../request.js';
import { extractPayoutHash } from './extract.js';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const header = (hash: string) => ({ headers: { 'x-payout-hash': hash } });
const inJson = (hash: string) => json(JSON.stringify({ payout_hash: hash }));

describe('extractPayoutHash', () => {
  it('prefers the header to the body and the body to the query', async () => {
    const both = { ...inJson(B), query: [C] };
    const all = { ...both, headers: { ...both.headers, 'x-payout-hash': A } };
    expect(await extractPayoutHash(request(all))).toEqual({ found: true, hash: A, from: 'header' });
    expect(await extractPayoutHash(request(both))).toEqual({ found: true, hash: B, from: 'body' });
    expect(await extractPayoutHash(request({ query: [C] }))).toEqual({ found: true, hash: C, from: 'query' });
    expect(await extractPayoutHash(request())).toEqual({ found: false });
  });

  it('lets a wrong one that comes first count, right as the later ones may be', async () => {
    const body = inJson(B);
    expect(await extractPayoutHash(request({ ...body, ...header('wrong'), query: [C] }))).toEqual({
      found: 'malformed',
      from: 'header',
    });
    expect(await extractPayoutHash(request({ ...inJson('wrong'), query: [C] }))).toEqual({
      found: 'malformed',
      from: 'body',
    });
    expect(await extractPayoutHash(request({ ...header(A), query: ['wrong'] }))).toMatchObject({
      found: true,
      hash: A,
    });
    expect(await extractPayoutHash(request({ ...header(''), query: [C] }))).toEqual({
      found: 'malformed',
      from: 'header',
    });
  });

  it('reads the body only when the header is absent and the body may carry it', async () => {
    const body = vi.fn((): RequestBody => ({ kind: 'parsed', value: { payout_hash: B } }));
    await extractPayoutHash(request({ ...header(A), body }));
    await extractPayoutHash(request({ ...header(''), body }));
    await extractPayoutHash(request({ query: [C], body }), { body: false });
    expect(body).not.toHaveBeenCalled();
    await extractPayoutHash(request({ body }));
    expect(body).toHaveBeenCalledOnce();
  });

  it('passes over the places that are switched off', async () => {
    expect(await extractPayoutHash(request({ ...inJson(B), query: [C] }), { body: false })).toMatchObject({ hash: C });
    expect(await extractPayoutHash(request({ query: [C] }), { query: false })).toEqual({ found: false });
    expect(await extractPayoutHash(request({ ...inJson(B) }), { body: false, query: false })).toEqual({ found: false });
  });

  it.each([
    ['63 digits', A.slice(1)],
    ['65 digits', `${A}a`],
    ['upper case', A.toUpperCase()],
    ['another letter', `g${A.slice(1)}`],
    ['a NUL', `${A.slice(1)}\0`],
    ['a NUL behind', `${A}\0`],
    ['a line end behind', `${A}\n`],
    ['a blank before', ` ${A}`],
    ['two of them', `${A}, ${A}`],
    ['nothing', ''],
    ['full-width digits', `１${A.slice(1)}`],
    ['an API key', 'bursar_live_0123456789ABCDEFGHIJKLMNOPQRSTUV39zPue'],
  ])('takes %s for no hash, wherever it stands', async (_, text) => {
    expect(await extractPayoutHash(request(header(text)))).toEqual({ found: 'malformed', from: 'header' });
    expect(await extractPayoutHash(request(inJson(text)))).toEqual({ found: 'malformed', from: 'body' });
    expect(await extractPayoutHash(request({ query: [text] }))).toEqual({ found: 'malformed', from: 'query' });
  });

  it.each([
    ['an array', [A]],
    ['an object', { 0: A }],
    ['an object that prints as one', { toString: () => A }],
    ['a string object', new String(A)],
    ['null', null],
    ['undefined, though the field is there', undefined],
    ['a number', 7],
    ['true', true],
  ])('takes %s in the body for no hash', async (_, value) => {
    const answer = await extractPayoutHash(request({ ...parsed({ payout_hash: value }), query: [C] }));
    expect(answer).toEqual({ found: 'malformed', from: 'body' });
  });

  it('refuses a repeated query parameter, even with the same value twice', async () => {
    for (const query of [
      [A, B],
      [A, A],
      ['', A],
    ]) {
      expect(await extractPayoutHash(request({ query }))).toEqual({ found: 'malformed', from: 'query' });
    }
  });

  it('refuses a body that says it twice: another parser on the way may have read the other one', async () => {
    const text = `{"payout_hash":"${A}","amount":1,"payout\\u005fhash":"${B}"}`;
    expect(await extractPayoutHash(request(json(text)))).toEqual({ found: 'malformed', from: 'body' });
    const elsewhere = `{"payout_hash":"${A}","a":{"payout_hash":1,"payout_hash":2}}`;
    expect(await extractPayoutHash(request(json(elsewhere)))).toMatchObject({ found: true, hash: A });
  });

  it.each([
    ['__proto__', `{"__proto__":{"payout_hash":"${A}"}}`],
    ['constructor', `{"constructor":{"prototype":{"payout_hash":"${A}"}}}`],
    ['another field', `{"data":{"payout_hash":"${A}"}}`],
    ['an array', `[{"payout_hash":"${A}"}]`],
    ['a string', JSON.stringify(`payout_hash=${A}`)],
    ['a name in another case', `{"Payout_Hash":"${A}"}`],
  ])('does not find one inside %s', async (_, text) => {
    expect(await extractPayoutHash(request({ ...json(text), query: [C] }))).toMatchObject({ hash: C, from: 'query' });
    expect({}).not.toHaveProperty('payout_hash');
  });

  it('does not find an inherited one', async () => {
    const value: unknown = Object.create({ payout_hash: A });
    expect(await extractPayoutHash(request(parsed(value)))).toEqual({ found: false });
  });

  it('finds one in an object without a prototype, as some parsers make them', async () => {
    const value = Object.assign(Object.create(null) as object, { payout_hash: A });
    expect(await extractPayoutHash(request(parsed(value)))).toMatchObject({ found: true, hash: A });
  });

  it.each([undefined, null, 'text', 7, [], ['payout_hash']])('passes over the parsed body %j', async (value) => {
    expect(await extractPayoutHash(request({ ...parsed(value), query: [C] }))).toMatchObject({ hash: C });
  });

  it('passes over a body of another type, which has no JSON field', async () => {
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const body = (): RequestBody => ({ kind: 'text', text: `payout_hash=${A}` });
    expect(await extractPayoutHash(request({ ...form, body, query: [C] }))).toMatchObject({ hash: C });
    expect(await extractPayoutHash(request({ body: () => ({ kind: 'unsupported' }) }))).toEqual({ found: false });
  });

  it.each([
    [json('{"payout_hash":'), 'malformed'],
    [{ body: (): RequestBody => ({ kind: 'malformed' }) }, 'malformed'],
    [{ body: (): RequestBody => ({ kind: 'too_large', limit: 9 }) }, 'too_large'],
  ])('says of a body that it cannot be read, since a hash may stand in it, case %#', async (parts, reason) => {
    expect(await extractPayoutHash(request({ ...parts, query: [C] }))).toMatchObject({
      found: 'unreadable',
      body: { reason },
    });
  });
});

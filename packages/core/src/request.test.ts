import { describe, expect, it, vi } from 'vitest';
import { json, parsed, request } from '../test/requests.js';
import { jsonBody, type RequestBody } from './request.js';

const typed = (contentType: string | null, text = '{"a":1}') =>
  request({
    headers: contentType === null ? {} : { 'content-type': contentType },
    body: () => ({ kind: 'text', text }),
  });

describe('jsonBody', () => {
  it('parses a text once, however often and from wherever it is asked', async () => {
    const body = vi.fn(async (): Promise<RequestBody> => ({ kind: 'text', text: '{"a":1}' }));
    const view = request({ headers: { 'content-type': 'application/json' }, body });
    const [one, other] = await Promise.all([jsonBody(view), jsonBody({ ...view })]);
    expect(one).toMatchObject({ ok: true, value: { a: 1 } });
    expect(other).toBe(one);
    expect(body).toHaveBeenCalledOnce();
  });

  it('gives what was parsed before as it is', async () => {
    const value = { a: 1 };
    expect(await jsonBody(request(parsed(value)))).toEqual({ ok: true, value, repeated: [] });
  });

  it('takes no body, and an empty one, for nothing', async () => {
    expect(await jsonBody(request())).toEqual({ ok: true, value: undefined, repeated: [] });
    expect(await jsonBody(typed(null, ''))).toEqual({ ok: true, value: undefined, repeated: [] });
    expect(await jsonBody(typed(null))).toEqual({ ok: false, reason: 'unsupported' });
  });

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json \t;\t charset=utf-8 \t;\t',
    'application/json;',
    'application/problem+json',
    'application/vnd.acme-v1.2+json; charset=utf-8',
  ])('reads %j', async (contentType) => {
    expect(await jsonBody(typed(contentType))).toMatchObject({ ok: true, value: { a: 1 } });
  });

  it.each([
    null,
    '',
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json, text/plain',
    'application/+json',
    'x application/json',
    'application/json\u00a0',
    'application/json; charset=utf-8; charset=utf-16',
  ])('does not read %j', async (contentType) => {
    expect(await jsonBody(typed(contentType))).toEqual({ ok: false, reason: 'unsupported' });
  });

  it.each(['{', '{"a":1}}', "{'a':1}", '{"a":1,}', '\ufeff{}', 'NaN', '\0', '[1', '"', 'undefined'])(
    'finds %j broken',
    async (text) => {
      expect(await jsonBody(request(json(text)))).toEqual({ ok: false, reason: 'malformed' });
    },
  );

  it('is not stopped by great depth', async () => {
    const depth = 200_000;
    const answer = await jsonBody(request(json('['.repeat(depth))));
    expect(answer).toEqual({ ok: false, reason: 'malformed' });
    const whole = await jsonBody(request(json(`${'['.repeat(depth)}${']'.repeat(depth)}`)));
    expect(typeof whole.ok).toBe('boolean');
  });

  it('hands on why a body cannot be read', async () => {
    expect(await jsonBody(request({ body: () => ({ kind: 'too_large', limit: 9 }) }))).toEqual({
      ok: false,
      reason: 'too_large',
      limit: 9,
    });
    for (const kind of ['unsupported', 'malformed'] as const) {
      expect(await jsonBody(request({ body: () => ({ kind }) }))).toEqual({ ok: false, reason: kind });
    }
  });

  it('names the members that stand twice', async () => {
    expect(await jsonBody(request(json('{"a":1,"b":{"c":1,"c":2},"a":2}')))).toMatchObject({ repeated: ['b', 'a'] });
  });
});

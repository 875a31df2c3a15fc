import { describe, expect, it } from 'vitest';
import { request } from '../../../test/requests.js';
import { scene } from '../../../test/scene.js';
import type { OpenApiDocument, OpenApiOptions } from './document.js';
import { openApiAnswers, openApiOptionsOf } from './path.js';

async function served(options: OpenApiOptions = {}) {
  const { payouts } = await scene();
  return openApiAnswers(payouts, options);
}

describe('openApiOptionsOf', () => {
  it('is off unless it is switched on', () => {
    expect([openApiOptionsOf(), openApiOptionsOf(false), openApiOptionsOf(true)]).toEqual([undefined, undefined, {}]);
  });

  it.each([
    [{ title: '' }, 'openapi.title must be a text'],
    [{ version: 3 as unknown as string }, 'openapi.version must be a text'],
  ])('refuses %j when the server starts', (options, message) => {
    expect(() => openApiOptionsOf(options)).toThrow(message);
  });

  it.each([
    [],
    'https://example.com',
    { length: 1, 0: { url: 'a' } },
    [{ url: 1 }],
    [{}],
    [null],
    ['https://example.com'],
    [() => 'https://example.com'],
    [{ url: 'a' }, { description: 'b' }],
  ])('refuses %j as servers when the server starts', (servers) => {
    expect(() => openApiOptionsOf({ servers } as OpenApiOptions)).toThrow(
      'openapi.servers must be an array of servers, each with a url',
    );
  });

  it.each<OpenApiOptions>([
    {},
    { title: 'Ours', version: '2' },
    { servers: [{ url: 'https://example.com' }, { url: '/v1', description: 'Here' }] },
  ])('takes %j', (options) => {
    expect(openApiOptionsOf(options)).toEqual(options);
  });
});

describe('the document', () => {
  it('is the same for everybody, and may be kept', async () => {
    const answers = await served({ title: 'Ours' });
    const { status, headers, body } = answers(request());
    expect([status, (body as OpenApiDocument).info.title]).toEqual([200, 'Ours']);
    expect(headers).toEqual({
      'cache-control': 'public, max-age=300',
      etag: expect.stringMatching(/^"[0-9a-f]{20}"$/) as string,
    });
  });

  it('is not sent to who has it', async () => {
    const answers = await served();
    const etag = answers(request()).headers.etag as string;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      expect(answers(request({ headers: { 'if-none-match': known } }))).toMatchObject({ status: 304, body: undefined });
    }
    for (const other of ['"other"', `${etag}x`, etag.replace(/(?=.$)/, 'W/')]) {
      expect(answers(request({ headers: { 'if-none-match': other } })).status).toBe(200);
    }
  });

  it('takes no other method', async () => {
    const answers = await served();
    expect(answers(request({ method: 'HEAD' })).status).toBe(200);
    expect(answers(request({ method: 'POST' }))).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, OPTIONS' },
    });
    expect(answers(request({ method: 'OPTIONS' }))).toEqual({
      status: 204,
      headers: { allow: 'GET, HEAD, OPTIONS' },
      body: undefined,
    });
  });
});

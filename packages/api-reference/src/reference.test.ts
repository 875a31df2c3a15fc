import { gunzipSync } from 'node:zlib';
import express from 'express';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../test/server.js';
import { apiReference } from './reference.js';

const docs = apiReference({ path: '/api/docs', openapi: '/v1/openapi.json', title: 'Ours & <theirs>' });

const hono = new Hono().all('/api/docs/*', (c) => docs.fetch(c.req.raw));

let inExpress: Served;
beforeAll(async () => {
  const app = express();
  app.use('/api/docs', docs.node);
  inExpress = await serve(app);
});
afterAll(() => inExpress.close());

type Ask = (path: string, init?: RequestInit) => Promise<Response>;
const frameworks: readonly [string, Ask][] = [
  ['Hono', async (path, init) => hono.request(path, init)],
  ['Express', (path, init) => fetch(inExpress.origin + path, init)],
];

describe.each(frameworks)('in %s', (_, ask) => {
  it('shows a page that loads its own two scripts, from wherever it is mounted', async () => {
    const [bare, folder] = [await ask('/api/docs'), await ask('/api/docs/')];
    expect([bare.status, bare.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const scripts = (html: string) => [...html.matchAll(/ src="([^"]*)"/g)].map(([, src]) => src);
    const html = await bare.text();
    expect(scripts(html)).toEqual(['docs/scalar.js', 'docs/start.js']);
    expect(scripts(await folder.text())).toEqual(['scalar.js', 'start.js']);
    expect(html).toContain('<title>Ours &amp; &lt;theirs&gt;</title>');
  });

  it('has a policy that lets nothing in from elsewhere, and no script that stands in a page', async () => {
    const policy = (await ask('/api/docs')).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('has the script of Scalar, compressed for whoever takes that', async () => {
    const plain = await ask('/api/docs/scalar.js', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('vary')).toBe('Accept-Encoding');
    const script = await plain.text();
    expect(script).toContain('createApiReference');
    const compressed = await ask('/api/docs/scalar.js', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    const bytes = Buffer.from(await compressed.arrayBuffer());
    // `fetch` has undone the encoding; a request in this process has not.
    expect((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()).toBe(script);
  });

  it('answers HEAD without a body, another method with 405, and knows no other path', async () => {
    const head = await ask('/api/docs/start.js', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const post = await ask('/api/docs', { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    for (const path of ['/api/docs/../secret', '/api/docs/x', '/api/docs//start.js', '/api/docs/scalar.js.map']) {
      expect((await ask(path)).status).toBe(404);
    }
  });
});

describe('apiReference', () => {
  it('lets the page connect to the origins that it is told', async () => {
    const elsewhere = apiReference({
      path: '/docs',
      openapi: 'https://api.example.com/openapi.json',
      connectTo: ['https://api.example.com'],
    });
    const { headers } = await elsewhere.fetch(new Request('http://localhost/docs'));
    expect(headers.get('content-security-policy')).toContain("connect-src 'self' https://api.example.com;");
  });

  it.each([
    [{ path: 'docs' }, 'path must be'],
    [{ path: '/docs/' }, 'path must be'],
    [{ path: '/do"cs' }, 'path must be'],
    [{ openapi: '' }, 'openapi must be'],
    [{ title: '' }, 'title must be'],
    [{ connectTo: ['https://api.example.com; script-src *'] }, 'connectTo must be'],
    [{ connectTo: ['*'] }, 'connectTo must be'],
  ])('refuses %j when the server starts', (over, message) => {
    expect(() => apiReference({ path: '/docs', openapi: '/openapi.json', ...over })).toThrow(message);
  });
});

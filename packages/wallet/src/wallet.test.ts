import { gunzipSync } from 'node:zlib';
import express from 'express';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Served, serve } from '../test/server.js';
import type { WalletOptions } from './options.js';
import { wallet } from './wallet.js';

const OPTIONS: WalletOptions = {
  path: '/me/wallet',
  api: '/v1',
  heading: 'Ours & <theirs>"',
  lang: 'fr',
  logo: 'https://cdn.example.com/logo.svg',
  scheme: 'dark',
  theme: { accent: '#0a7', onAccent: 'white', radius: '0', font: '"Noto Sans", serif' },
  darkTheme: { accent: 'rgb(10 20 30 / 50%)' },
  allowedFrameOrigins: ['https://www.example.com', 'https://shop.example.com:8443'],
};
const page = wallet(OPTIONS);
const hono = new Hono().all('/me/wallet/*', (c) => page.fetch(c.req.raw));

let inExpress: Served;
beforeAll(async () => {
  const app = express();
  app.use('/me/wallet', page.node);
  inExpress = await serve(app);
});
afterAll(() => inExpress.close());

type Ask = (path: string, init?: RequestInit) => Promise<Response>;
const frameworks: readonly [string, Ask][] = [
  ['Hono', async (path, init) => hono.request(path, init)],
  ['Express', (path, init) => fetch(inExpress.origin + path, init)],
];

describe.each(frameworks)('in %s', (_, ask) => {
  it('is a page that loads its own script and style, from wherever it is mounted', async () => {
    const [bare, folder] = [await ask('/me/wallet'), await ask('/me/wallet/')];
    expect([bare.status, bare.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const [html, inFolder] = [await bare.text(), await folder.text()];
    const loaded = (text: string) => [...text.matchAll(/ (?:src|href)="([^"?]*(?:css|js))/g)].map(([, url]) => url);
    expect(loaded(html)).toEqual(['wallet/wallet.css', 'wallet/wallet.js']);
    expect(loaded(inFolder)).toEqual(['wallet.css', 'wallet.js']);
    expect(html).toContain('<html lang="fr">');
    expect(html).toContain(
      '<bursar-wallet api="/v1" heading="Ours &amp; &lt;theirs&gt;&quot;" lang="fr" ' +
        'logo="https://cdn.example.com/logo.svg" theme="dark"></bursar-wallet>',
    );
  });

  it('lets in nothing from elsewhere, nothing that stands in the page, and only the frames that it is told', async () => {
    const { headers } = await ask('/me/wallet');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://cdn.example.com data:; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; " +
        'frame-ancestors https://www.example.com https://shop.example.com:8443',
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await ask('/me/wallet')).text()).not.toMatch(/<style| style=|<script>|\son\w+=/);
  });

  it('has its colours in the style', async () => {
    const style = await (await ask('/me/wallet/wallet.css')).text();
    for (const line of [
      '--bursar-accent: #0a7;',
      '--bursar-on-accent: white;',
      '--bursar-radius: 0;',
      '--bursar-font: "Noto Sans", serif;',
      '--bursar-accent-dark: rgb(10 20 30 / 50%);',
    ]) {
      expect(style).toContain(`  ${line}\n`);
    }
  });

  it('has the script, compressed for whoever takes that, and kept for as long as it is the same', async () => {
    const [, version] = /wallet\.js\?v=([0-9a-f]{16})"/.exec(await (await ask('/me/wallet')).text()) ?? [];
    const plain = await ask('/me/wallet/wallet.js', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('vary')).toBe('Accept-Encoding');
    expect(plain.headers.get('cache-control')).toBe('no-cache');
    expect(plain.headers.get('access-control-allow-origin')).toBe('*');
    const script = await plain.text();
    expect(script).toContain('bursar-wallet');
    const compressed = await ask(`/me/wallet/wallet.js?v=${version}`, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(compressed.headers.get('cache-control')).toContain('immutable');
    const bytes = Buffer.from(await compressed.arrayBuffer());
    // `fetch` has undone the encoding; a request in this process has not.
    expect((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()).toBe(script);
  });

  it('answers HEAD without a body, another method with 405, and knows no other path', async () => {
    const head = await ask('/me/wallet', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const post = await ask('/me/wallet', { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    for (const path of ['/me/wallet/../secret', '/me/wallet/x', '/me/wallet//wallet.js', '/me/wallet/wallet.js.map']) {
      expect((await ask(path)).status).toBe(404);
    }
  });
});

describe('wallet', () => {
  const policyWith = async (over: Partial<WalletOptions>): Promise<string | null> => {
    const made = wallet({ path: '/wallet', api: '/v1', ...over });
    return (await made.fetch(new Request('http://localhost/wallet'))).headers.get('content-security-policy');
  };

  it('is shown in no frame unless it is told, and connects to where the API is', async () => {
    expect(await policyWith({})).toContain(
      "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const elsewhere = await policyWith({ api: 'https://api.example.com/v1' });
    expect(elsewhere).toContain("connect-src 'self' https://api.example.com;");
  });

  it.each<[Partial<Record<keyof WalletOptions, unknown>>, string]>([
    [{ path: 'wallet' }, 'path must be'],
    [{ path: '/wallet/' }, 'path must be'],
    [{ path: '/wal"let' }, 'path must be'],
    [{ api: '' }, 'api must be'],
    [{ api: '//api.example.com' }, 'api must be'],
    [{ api: '/v1?x=1' }, 'api must be'],
    [{ api: 'http://api.example.com' }, 'api must be'],
    [{ api: 'https://ann:secret@api.example.com' }, 'api must be'],
    [{ api: 'https://api.example.com; script-src *' }, 'api must be'],
    [{ api: 'javascript:alert(1)' }, 'api must be'],
    [{ heading: '' }, 'heading must be'],
    [{ lang: 'fr"' }, 'lang must be'],
    [{ logo: 'data:image/svg+xml,x' }, 'logo must be'],
    [{ scheme: 'sepia' }, 'scheme must be'],
    [{ theme: { accent: 'red; background: url(https://x.example)' } }, 'theme.accent must be'],
    [{ theme: { font: 'url(//x.example)' } }, 'theme.font must be'],
    [{ theme: { accent: '</style>' } }, 'theme.accent must be'],
    [{ theme: { shadow: 'red' } }, 'theme.shadow must be'],
    [{ darkTheme: { radius: '0' } }, 'darkTheme.radius must be'],
    [{ allowedFrameOrigins: ['*'] }, 'allowedFrameOrigins must be'],
    [{ allowedFrameOrigins: ['https://www.example.com/'] }, 'allowedFrameOrigins must be'],
    [{ allowedFrameOrigins: ["https://www.example.com; script-src 'unsafe-inline'"] }, 'allowedFrameOrigins must be'],
  ])('refuses %j when the server starts', (over, message) => {
    expect(() => wallet({ path: '/wallet', api: '/v1', ...over } as WalletOptions)).toThrow(message);
  });
});

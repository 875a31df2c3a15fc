import { describe, expect, it, vi } from 'vitest';
import { scene, visitor } from '../../test/scene.js';

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends, and that http over a network never sees', async () => {
    const { board } = await scene({ origin: 'https://pay.example.com' });
    const { url } = await board.createSignInLink({ name: 'Ada', role: 'owner' });
    expect(url).toMatch(/^https:\/\/pay\.example\.com\/dashboard\/sign-in#[\w-]{43}$/);
    const token = new URL(url).hash.slice(1);
    const { headers } = await visitor(board, 'https://pay.example.com').ask('POST /session/link', { token });
    expect(headers.get('set-cookie')).toMatch(
      /^__Host-bursar_[0-9a-f]{8}=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  it('ends after twelve hours, and when its person signs out', async () => {
    const { visit, clock } = await scene();
    const [ada, otto] = [await visit('Ada', 'owner'), await visit('Otto', 'operator')];
    expect((await ada.ask('DELETE /session')).status).toBe(200);
    expect((await ada.ask('GET /session')).status).toBe(401);
    const end = clock.now + 43_200_000;
    while (clock.now + 1_500_000 < end) {
      clock.now += 1_500_000;
      expect((await otto.ask('GET /session')).status).toBe(200);
    }
    clock.now = end - 1;
    expect((await otto.ask('GET /session')).status).toBe(200);
    clock.now = end;
    expect((await otto.ask('GET /session')).status).toBe(401);
  });

  it('ends after half an hour in which nothing was asked with it', async () => {
    const { visit, clock } = await scene();
    const ada = await visit('Ada', 'owner');
    clock.now += 1_799_999;
    expect((await ada.ask('GET /session')).status).toBe(200);
    clock.now += 1_799_999;
    expect((await ada.ask('GET /session')).status).toBe(200);
    clock.now += 1_800_000;
    expect((await ada.ask('GET /session')).status).toBe(401);
  });

  it('ends at sign-out also where another request renews it at that moment', async () => {
    const { board, clock, payouts } = await scene();
    const { url } = await board.createSignInLink({ name: 'Ada', role: 'owner' });
    const { headers } = await visitor(board).ask('POST /session/link', { token: new URL(url).hash.slice(1) });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    const ask = async (line: string) => (await visitor(board).ask(line, undefined, { cookie })).status;
    const { storage } = payouts.context;
    const deleteDocument = storage.deleteDocument.bind(storage);
    vi.spyOn(storage, 'deleteDocument').mockImplementationOnce(async (...args) => {
      clock.now += 60_000;
      expect(await ask('GET /session')).toBe(200);
      return deleteDocument(...args);
    });
    expect(await ask('DELETE /session')).toBe(200);
    expect(await ask('GET /session')).toBe(401);
  });

  it('is another one after each sign-in: the one before holds no longer', async () => {
    const { board } = await scene();
    const ada = visitor(board);
    const signIn = async () => {
      const { url } = await board.createSignInLink({ name: 'Ada', role: 'owner' });
      const { headers } = await ada.ask('POST /session/link', { token: new URL(url).hash.slice(1) });
      return headers.get('set-cookie')?.split(';')[0] ?? '';
    };
    const [first, second] = [await signIn(), await signIn()];
    expect(first).not.toBe(second);
    expect((await visitor(board).ask('GET /session', undefined, { cookie: first })).status).toBe(401);
    expect((await visitor(board).ask('GET /session', undefined, { cookie: second })).status).toBe(200);
  });

  it('is none where two are sent, of which one was put there by somebody else', async () => {
    const { board } = await scene();
    const { url } = await board.createSignInLink({ name: 'Ada', role: 'owner' });
    const { headers } = await visitor(board).ask('POST /session/link', { token: new URL(url).hash.slice(1) });
    const cookie = headers.get('set-cookie')?.split(';')[0] ?? '';
    const two = `${cookie.split('=')[0]}=x; ${cookie}`;
    expect((await visitor(board).ask('GET /session', undefined, { cookie: two })).status).toBe(401);
  });
});

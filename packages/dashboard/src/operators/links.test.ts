import { describe, expect, it } from 'vitest';
import { scene, visitor } from '../../test/scene.js';

describe('a sign-in link', () => {
  it('signs in one of two who use it at the same time', async () => {
    const { board } = await scene();
    const { url } = await board.createSignInLink({ name: 'Ada', role: 'owner' });
    const token = new URL(url).hash.slice(1);
    const use = () => visitor(board).ask('POST /session/link', { token });
    const statuses = (await Promise.all([use(), use()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 401]);
    expect((await use()).body.message).toBe('This link has been used, or its time has passed.');
  });

  it('works for a quarter of an hour', async () => {
    const { board, clock } = await scene();
    const { url, expiresAt } = await board.createSignInLink({ name: 'Ada', role: 'owner' });
    expect(expiresAt - clock.now).toBe(900_000);
    clock.now = expiresAt;
    const token = new URL(url).hash.slice(1);
    expect((await visitor(board).ask('POST /session/link', { token })).status).toBe(401);
  });

  it('is refused where it can be none', async () => {
    const { board } = await scene();
    for (const token of ['', 'x', '../operator', 'A'.repeat(43)]) {
      expect((await visitor(board).ask('POST /session/link', { token })).status).toBe(401);
    }
    expect((await visitor(board).ask('POST /session/link', { token: { $ne: '' } })).status).toBe(422);
  });

  it('gives an operator who is there the role that the command line says', async () => {
    const { board, visit } = await scene();
    await board.createSignInLink({ name: 'Ada', role: 'viewer' });
    const ada = await visit('Ada', 'owner');
    expect((await ada.ask('GET /session')).body).toMatchObject({ name: 'Ada', role: 'owner', business: 'Acme' });
  });

  it('is none for a name that no audit log should show', async () => {
    const { board } = await scene();
    for (const name of ['', '\u202eadA', 'a\nb', 'x'.repeat(101)]) {
      await expect(board.createSignInLink({ name, role: 'owner' })).rejects.toThrow(TypeError);
    }
  });
});

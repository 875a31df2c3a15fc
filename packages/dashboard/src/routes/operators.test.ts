import { describe, expect, it } from 'vitest';
import { scene, visitor } from '../../test/scene.js';

const form = () => ({ 'idempotency-key': crypto.randomUUID() });

describe('operators', () => {
  it('are added by an owner, with a link that signs them in once', async () => {
    const { board, visit } = await scene();
    const ada = await visit('Ada', 'owner');
    const { body } = await ada.ask('POST /operators', { name: 'Otto', role: 'operator' }, form());
    const otto = visitor(board);
    expect((await otto.ask('POST /session/link', { token: new URL(body.url).hash.slice(1) })).status).toBe(200);
    expect((await otto.ask('GET /session')).body).toMatchObject({ name: 'Otto', role: 'operator' });
  });

  it('have names of their own, whatever their case', async () => {
    const ada = await (await scene()).visit('Ada', 'owner');
    const taken = await ada.ask('POST /operators', { name: ' ADA ', role: 'viewer' }, form());
    expect([taken.status, taken.body]).toEqual([422, { name: ['The name is that of another operator.'] }]);
    const wrong = await ada.ask('POST /operators', { name: '\u202eevE', role: 'king' }, form());
    expect(wrong.body).toEqual({
      name: ['The name may not contain characters that cannot be seen.'],
      role: ['The role must be owner, operator or viewer.'],
    });
  });

  it('lose their sessions and links at once when they are removed, and do not get them back with their name', async () => {
    const { visit, board, clock } = await scene();
    const [ada, eve] = [await visit('Ada', 'owner'), await visit('Eve', 'operator')];
    const link = await board.createSignInLink({ name: 'Eve', role: 'operator' });
    const id = (await ada.ask('GET /operators')).body.items.find(({ name }) => name === 'Eve')?.id;
    expect((await ada.ask(`DELETE /operators/${id}`)).status).toBe(200);
    clock.now += 1;
    await ada.ask('POST /operators', { name: 'Eve', role: 'owner' }, form());
    expect((await eve.ask('GET /session')).status).toBe(401);
    const token = new URL(link.url).hash.slice(1);
    expect((await visitor(board).ask('POST /session/link', { token })).status).toBe(401);
  });

  it('keep an owner: the last one cannot go, nor become less', async () => {
    const { visit } = await scene();
    const [ada] = [await visit('Ada', 'owner'), await visit('Otto', 'operator')];
    const id = (await ada.ask('GET /operators')).body.items.find(({ name }) => name === 'Ada')?.id;
    const last = { role: ['Somebody has to stay an owner: make another operator one first.'] };
    expect((await ada.ask(`PATCH /operators/${id}`, { role: 'viewer' })).body).toEqual(last);
    expect((await ada.ask(`DELETE /operators/${id}`)).body).toEqual(last);
  });
});

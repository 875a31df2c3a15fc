import { describe, expect, it } from 'vitest';
import { BIZ, START, scene } from '../../test/scene.js';

const form = () => ({ 'idempotency-key': crypto.randomUUID() });

describe('API keys', () => {
  it('are shown once, and are listed without the key', async () => {
    const { visit, payouts } = await scene();
    const ada = await visit('Ada', 'owner');
    const expires = new Date(START + 86_400_000).toISOString();
    const fields = { name: 'Server', scopes: ['users:read'], expires_at: expires };
    const { body } = await ada.ask('POST /live/keys', fields, form());
    expect(await payouts.auth.verifyApiKey(body.key)).toMatchObject({ ok: true, apiKey: { scopes: ['users:read'] } });
    const listed = JSON.stringify((await ada.ask('GET /live/keys')).body);
    expect(listed).toContain(expires);
    expect(listed).not.toContain(body.key);
  });

  it('are rotated with an overlap, once', async () => {
    const { visit, payouts, clock } = await scene();
    const ada = await visit('Ada', 'owner');
    const old = (await ada.ask('POST /live/keys', { name: 'Server' }, form())).body;
    const path = `POST /live/keys/${old.id}/rotate`;
    const { key } = (await ada.ask(path, { overlap_seconds: 60 }, form())).body;
    expect((await ada.ask(path, { overlap_seconds: 60 }, form())).status).toBe(422);
    const works = async (text: string) => (await payouts.auth.verifyApiKey(text)).ok;
    expect([await works(old.key), await works(key)]).toEqual([true, true]);
    clock.now += 60_000;
    expect([await works(old.key), await works(key)]).toEqual([false, true]);
  });

  it('are revoked at once', async () => {
    const { visit, payouts } = await scene();
    const ada = await visit('Ada', 'owner');
    const { id, key } = (await ada.ask('POST /live/keys', { name: 'Server' }, form())).body;
    expect((await ada.ask(`DELETE /live/keys/${id}`)).status).toBe(200);
    expect((await payouts.auth.verifyApiKey(key)).ok).toBe(false);
    expect((await ada.ask('DELETE /live/keys/key_none')).status).toBe(404);
    expect((await ada.ask(`DELETE /test/keys/${id}`)).status).toBe(404);
  });

  it('are refused by field', async () => {
    const { visit, payouts } = await scene();
    const ada = await visit('Ada', 'owner');
    const past = await ada.ask('POST /live/keys', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }, form());
    expect(past.body).toEqual({ expires_at: ['The expires_at must be in the future.'] });
    const odd = await ada.ask('POST /live/keys', { name: 7, kind: 'root', admin: true }, form());
    expect(odd.body).toEqual({
      name: ['The name must be a string.'],
      kind: ['The kind must be secret or publishable.'],
      admin: ['The admin field is not known.'],
    });
    expect(await payouts.auth.apiKeys.list({ businessId: BIZ })).toEqual([]);
  });
});

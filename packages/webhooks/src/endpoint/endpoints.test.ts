import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BIZ, webhookScene } from '../../test/webhook-scene.js';

const URL = 'https://hooks.example.com/bursar';

async function scene(maxEndpoints = 16) {
  const made = await webhookScene({ allowHttp: false, allowPrivateAddresses: false, maxEndpoints });
  const { endpoints } = made.webhooks;
  const create = async (over: object = {}) => {
    const created = await endpoints.create({ businessId: BIZ, url: URL, ...over });
    if (!created.ok) throw new Error(JSON.stringify(created.error.body));
    return created.value;
  };
  return { ...made, endpoints, create };
}

describe('an endpoint', () => {
  it('is made with a secret that is shown once, kept sealed, and never printed', async () => {
    const { endpoints, create, storage } = await scene();
    const created = await create({ description: 'Books', types: ['withdrawal.succeeded'] });
    expect(created.secret).toMatch(/^whsec_/);
    expect(created.endpoint).toMatchObject({
      businessId: BIZ,
      url: URL,
      description: 'Books',
      types: ['withdrawal.succeeded'],
      status: 'enabled',
      previousSecretExpiresAt: null,
    });
    expect(await endpoints.find({ businessId: BIZ, id: created.endpoint.id })).toEqual(created.endpoint);
    expect(await endpoints.list({ businessId: BIZ })).toEqual([created.endpoint]);
    expect(created.endpoint).not.toHaveProperty('secrets');
    expect(`${JSON.stringify(created)} ${inspect(created)}`).not.toContain(created.secret);
    const kept = JSON.stringify(await storage.findWebhookEndpoint(created.endpoint.businessId, created.endpoint.id));
    expect(kept).not.toContain(created.secret);
    expect(kept).not.toContain(created.secret.slice(6));
  });

  it.each([
    [{ url: undefined }, { url: ['The url field is required.'] }],
    [{ url: null }, { url: ['The url field is required.'] }],
    [{ url: [URL] }, { url: ['The url must be a string.'] }],
    [{ url: 'http://hooks.example.com' }, { url: ['The url must begin with https://.'] }],
    [{ url: 'https://127.0.0.1' }, { url: ['The url must have a host of the public internet.'] }],
    [{ description: 'a\nb' }, { description: [expect.stringMatching(/control characters/)] }],
    [{ description: 'a'.repeat(256) }, { description: [expect.stringMatching(/255 characters/)] }],
    [{ types: [] }, { types: [expect.stringMatching(/at least 1 type/)] }],
    [{ types: 'withdrawal.created' }, { types: [expect.stringMatching(/must be a list/)] }],
    [{ types: ['withdrawal.lost'] }, { types: [expect.stringMatching(/must be a list of .*withdrawal.returned/)] }],
    [{ types: ['withdrawal.created', 'withdrawal.created'] }, { types: ['The types may not have one twice.'] }],
    [{ secrets: [] }, { secrets: ['The secrets field is not known.'] }],
    [JSON.parse('{"__proto__":{"status":"enabled"}}'), { ['__proto__']: ['The __proto__ field is not known.'] }],
  ])('is refused by field: %j', async (fields, body) => {
    const { endpoints } = await scene();
    const refused = await endpoints.create(Object.assign(Object.create(null), { businessId: BIZ, url: URL }, fields));
    expect(refused).toMatchObject({ ok: false, error: { status: 422 } });
    expect(!refused.ok && { ...refused.error.body }).toEqual(body);
    expect(await endpoints.list({ businessId: BIZ })).toEqual([]);
  });

  it('is one of at most so many', async () => {
    const { endpoints, create } = await scene(2);
    await create();
    const { endpoint } = await create();
    const refused = await endpoints.create({ businessId: BIZ, url: URL });
    expect(refused).toMatchObject({ error: { body: { url: ['The business may have at most 2 webhook endpoints.'] } } });
    expect(await endpoints.remove({ businessId: BIZ, id: endpoint.id })).toBe(true);
    await Promise.all(Array.from({ length: 20 }, () => endpoints.create({ businessId: BIZ, url: URL })));
    expect((await endpoints.list({ businessId: BIZ })).length).toBeLessThanOrEqual(2);
  });

  it('belongs to one business, and to one side of it', async () => {
    const { endpoints, create } = await scene();
    const { id } = (await create()).endpoint;
    const other = { businessId: 'biz_1_test', id };
    expect(await endpoints.find(other)).toBeNull();
    expect(await endpoints.change({ ...other, url: URL })).toBeNull();
    expect(await endpoints.rotateSecret(other)).toBeNull();
    expect(await endpoints.disable({ ...other, reason: 'No.' })).toBeNull();
    expect(await endpoints.enable(other)).toBeNull();
    expect(await endpoints.remove(other)).toBe(false);
    expect(await endpoints.find({ businessId: BIZ, id: 'we_\0' })).toBeNull();
    expect(await endpoints.list({ businessId: 'biz_1_test' })).toEqual([]);
    await expect(endpoints.create({ businessId: 'biz_none', url: URL })).rejects.toThrow(/does not exist/);
    await expect(endpoints.list({ businessId: '' })).rejects.toThrow(TypeError);
  });

  it('changes what is named, and nothing else', async () => {
    const { endpoints, create } = await scene();
    const { endpoint } = await create({ description: 'Books', types: ['withdrawal.created'] });
    const named = { businessId: BIZ, id: endpoint.id };
    const changed = await endpoints.change({ ...named, url: 'https://new.example.com' });
    expect(changed).toMatchObject({ ok: true, value: { ...endpoint, url: 'https://new.example.com/' } });
    expect(await endpoints.change({ ...named, description: null, types: null })).toMatchObject({
      value: { url: 'https://new.example.com/', description: null, types: null },
    });
    expect(await endpoints.change({ ...named, url: 'https://[::1]' })).toMatchObject({ ok: false });
    expect(await endpoints.change({ ...named, status: 'enabled' } as never)).toMatchObject({ ok: false });
  });

  it('keeps both of two changes at the same time', async () => {
    const { endpoints, create } = await scene();
    const { endpoint } = await create();
    const named = { businessId: BIZ, id: endpoint.id };
    await Promise.all([
      endpoints.change({ ...named, description: 'Books' }),
      endpoints.change({ ...named, types: ['withdrawal.created'] }),
      endpoints.rotateSecret(named),
    ]);
    expect(await endpoints.find(named)).toMatchObject({ description: 'Books', types: ['withdrawal.created'] });
    expect((await endpoints.find(named))?.previousSecretExpiresAt).not.toBeNull();
  });

  it('is switched off with a reason, and on again', async () => {
    const { endpoints, create } = await scene();
    const named = { businessId: BIZ, id: (await create()).endpoint.id };
    expect(await endpoints.disable({ ...named, reason: '' })).toMatchObject({
      error: { body: { reason: [expect.any(String)] } },
    });
    expect(await endpoints.disable({ ...named, reason: 'Moving.' })).toMatchObject({
      value: { status: 'disabled', disabledReason: 'Moving.' },
    });
    expect(await endpoints.enable(named)).toMatchObject({ status: 'enabled', disabledReason: null });
  });
});

describe('a rotation', () => {
  it('has a new secret, and says until when the one before signs too', async () => {
    const { endpoints, create, clock } = await scene();
    const first = await create();
    const named = { businessId: BIZ, id: first.endpoint.id };
    const rotated = await endpoints.rotateSecret({ ...named, overlapSeconds: 60 });
    expect(rotated).toMatchObject({ value: { endpoint: { previousSecretExpiresAt: clock.now + 60_000 } } });
    expect(rotated?.ok && rotated.value.secret).not.toBe(first.secret);
    const atOnce = await endpoints.rotateSecret({ ...named, overlapSeconds: 0 });
    expect(atOnce).toMatchObject({ value: { endpoint: { previousSecretExpiresAt: null } } });
  });

  it.each([-1, 1.5, 604_801, '60', Number.NaN])('does not overlap for %j seconds', async (overlapSeconds) => {
    const { endpoints, create } = await scene();
    const named = { businessId: BIZ, id: (await create()).endpoint.id };
    const refused = await endpoints.rotateSecret({ ...named, overlapSeconds: overlapSeconds as number });
    expect(refused).toMatchObject({
      error: { body: { overlap_seconds: [expect.stringMatching(/from 0 to 604800/)] } },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { scene } from '../../test/scene.js';

const form = () => ({ 'idempotency-key': crypto.randomUUID() });

describe('webhook endpoints', () => {
  it('are added with a secret that is shown once, switched off, and removed; the audit log says so', async () => {
    const ada = await (await scene()).visit('Ada', 'owner');
    const made = await ada.ask('POST /live/webhooks', { url: 'http://127.0.0.1:9/hook' }, form());
    expect(made.body).toMatchObject({ status: 'enabled', secret: expect.stringMatching(/^whsec_/) });
    const path = `/live/webhooks/${made.body.id}`;
    expect((await ada.ask(`POST ${path}/disable`, {})).body).toMatchObject({ disabled_reason: 'by Ada' });
    expect((await ada.ask(`PATCH ${path}`, { description: 'Shop' })).body).toMatchObject({ description: 'Shop' });
    expect(JSON.stringify((await ada.ask('GET /live/webhooks')).body)).not.toContain('whsec_');
    expect((await ada.ask(`DELETE ${path}`)).status).toBe(200);
    expect((await ada.ask(`DELETE ${path}`)).status).toBe(404);
    const { body } = await ada.ask('GET /live/audit?limit=4');
    expect(body.items.map(({ action }) => action)).toEqual([
      'webhook_endpoint.remove',
      'webhook_endpoint.change',
      'webhook_endpoint.disable',
      'webhook_endpoint.create',
    ]);
  });

  it('belong to the side of the path, whatever the body says', async () => {
    const ada = await (await scene()).visit('Ada', 'owner');
    const foreign = { url: 'http://127.0.0.1:9/hook', businessId: 'biz_2' };
    expect((await ada.ask('POST /test/webhooks', foreign, form())).status).toBe(200);
    expect((await ada.ask('GET /test/webhooks')).body.items).toHaveLength(1);
    expect((await ada.ask('GET /live/webhooks')).body.items).toEqual([]);
  });

  it('are refused by field', async () => {
    const ada = await (await scene()).visit('Ada', 'owner');
    expect((await ada.ask('POST /live/webhooks', { url: 'ftp://x' }, form())).status).toBe(422);
    expect((await ada.ask('POST /live/webhooks', [], form())).body).toEqual({ url: ['The url field is required.'] });
  });
});

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { business, businessId } from '../test/sample.js';
import { freshSchema, type Server, sql, startServer } from '../test/server.js';
import { openPostgresStorage } from './index.js';

const NOW = 1_700_000_000_000;

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

describe('filled tables of the version before webhook secrets', () => {
  it('are searched for the secrets that the webhook endpoints need', async () => {
    const schema = freshSchema();
    const options = { connectionString: server.url, schema };
    const before = await openPostgresStorage(options);
    await before.createBusiness(business);
    await before.close();
    const sealed = (text: string, expiresAt: number | null = null) => ({ sealed: text, expiresAt });
    const secrets = [
      [sealed('v1.with.dots.a-B_9'), sealed('v1.2025.AAAA', NOW + 10)],
      [sealed('v1.2026.AAAA'), sealed('v1.2024.AAAA', NOW)],
      [sealed('v1.2025.AAAA', NOW), sealed('of another form'), sealed('v1.2026.BBBB', NOW)],
      [],
    ];
    const rows = secrets.map(
      (list, index) =>
        `('biz_1', 'hook_${index}', 'https://example.com', NULL, NULL, '${JSON.stringify(list)}', 'enabled', NULL, NULL, 0, 1)`,
    );
    await sql(
      server.url,
      `SET search_path = ${schema}; DROP TABLE bursar_webhook_secrets; DROP INDEX bursar_withdrawals_user_status;
       DELETE FROM bursar_migrations WHERE number > 4;
       INSERT INTO bursar_webhook_endpoints VALUES ${rows.join(', ')}`,
    );
    let now = NOW;
    const storage = await openPostgresStorage({ ...options, now: () => now });
    onTestFinished(() => storage.close());
    expect(await storage.listWebhookSecretIds()).toEqual(['2025', '2026', 'with.dots']);
    now += 10;
    expect(await storage.listWebhookSecretIds()).toEqual(['2026', 'with.dots']);
    await storage.deleteWebhookEndpoint(businessId, 'hook_1');
    expect(await storage.listWebhookSecretIds()).toEqual(['with.dots']);
  });
});

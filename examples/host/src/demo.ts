import type { Services } from './all-of-bursar.js';

/** A business to try things with, on its test side. */
export const DEMO = { id: 'demo', name: 'Demo business' };

const FUNDS = 100_000;

/** What of the demo business can be shown now, and never again; `null` for what was shown before. */
export interface DemoBusiness {
  readonly key: string | null;
  readonly webhookSecret: string | null;
}

/**
 * Makes the demo business with $1,000.00 set aside for payouts, its first API key, and an endpoint for its webhooks where
 * there is a URL. Whatever of it is there stays, so this can run at every start.
 */
export async function openDemoBusiness(
  { payouts, webhooks }: Pick<Services, 'payouts' | 'webhooks'>,
  webhookUrl: string | null,
): Promise<DemoBusiness> {
  const { apiKeys, businesses } = payouts.auth;
  const { test } = await businesses.create(DEMO);
  const businessId = test.id;
  const money = { businessId, amount: FUNDS, reference: 'Demo funds', idempotencyKey: 'demo' };
  await payouts.deposit(money);
  await payouts.fund(money);
  const keys = await apiKeys.list({ businessId, limit: 1 });
  const issued = keys.length > 0 ? null : await apiKeys.issue({ businessId, name: 'Demo key' });
  const webhookSecret = webhookUrl === null ? null : await openEndpoint(webhooks, businessId, webhookUrl);
  return { key: issued?.key ?? null, webhookSecret };
}

async function openEndpoint(
  { endpoints }: Services['webhooks'],
  businessId: string,
  url: string,
): Promise<string | null> {
  const known = await endpoints.list({ businessId });
  if (known.some((endpoint) => endpoint.url === url)) return null;
  const created = await endpoints.create({ businessId, url });
  if (!created.ok) throw new Error(`BURSAR_WEBHOOK_URL: ${JSON.stringify(created.error.body)}`);
  return created.value.secret;
}

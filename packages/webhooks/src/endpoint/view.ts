import type { WebhookEndpointRecord } from '@bursar/payouts/storage';

/** A URL of a business that is told of events. */
export interface WebhookEndpoint extends Omit<WebhookEndpointRecord, 'secrets' | 'version'> {
  /** During a rotation, until when the secret before signs too; else `null`. */
  readonly previousSecretExpiresAt: number | null;
}

/** Leaves the sealed secrets out. */
export function endpointOf({ secrets, version: _, ...shown }: WebhookEndpointRecord): WebhookEndpoint {
  return { ...shown, previousSecretExpiresAt: secrets[1]?.expiresAt ?? null };
}

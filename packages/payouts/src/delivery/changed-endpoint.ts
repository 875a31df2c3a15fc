import type { WebhookEndpointChange, WebhookEndpointChangeOutcome, WebhookEndpointRecord } from './record.js';

/** For adapters: what a change makes of the endpoint that is there, with the write lock on it; `null` where there is none. */
export function changedEndpoint(
  present: WebhookEndpointRecord | null,
  change: WebhookEndpointChange,
): WebhookEndpointChangeOutcome {
  if (present === null) return { status: 'not_found' };
  if (present.version !== change.expectedVersion) return { status: 'version_changed', endpoint: present };
  const { url = present.url, description = present.description, types = present.types } = change;
  const { secrets = present.secrets, status = present.status } = change;
  const { disabledReason = present.disabledReason, failingSince = present.failingSince } = change;
  const changes = { url, description, types, secrets, status, disabledReason, failingSince };
  return { status: 'changed', endpoint: { ...present, ...changes, version: present.version + 1 } };
}

import type { BusinessId } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import { changedEndpoint } from './changed-endpoint.js';
import type { WebhookEndpointRecord } from './record.js';

const present: WebhookEndpointRecord = {
  businessId: 'biz_1' as BusinessId,
  id: 'we_1',
  url: 'https://one.example/',
  description: 'one',
  types: ['withdrawal.failed'],
  secrets: [{ sealed: 'v1.a.AAAA', expiresAt: null }],
  status: 'disabled',
  disabledReason: 'gone',
  failingSince: 5,
  version: 3,
  createdAt: 1,
};
const change = { businessId: present.businessId, id: present.id, expectedVersion: 3 };

describe('changedEndpoint', () => {
  it('keeps what is left out, and adds one to the version', () => {
    expect(changedEndpoint(present, change)).toEqual({ status: 'changed', endpoint: { ...present, version: 4 } });
  });

  it('sets what is given, null too', () => {
    const given = {
      url: 'https://two.example/',
      description: null,
      types: null,
      secrets: [{ sealed: 'v1.b.BBBB', expiresAt: 9 }],
      status: 'enabled',
      disabledReason: null,
      failingSince: null,
    } as const;
    const endpoint = { ...present, ...given, version: 4 };
    expect(changedEndpoint(present, { ...change, ...given })).toEqual({ status: 'changed', endpoint });
  });

  it.each([2, 4])('changes nothing from version %s, and answers with what is there', (expectedVersion) => {
    const outcome = changedEndpoint(present, { ...change, expectedVersion, status: 'enabled' });
    expect(outcome).toEqual({ status: 'version_changed', endpoint: present });
  });

  it('finds nothing where nothing is', () => {
    expect(changedEndpoint(null, change)).toEqual({ status: 'not_found' });
  });
});

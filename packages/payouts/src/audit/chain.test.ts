import { createHash } from 'node:crypto';
import type { BusinessId } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import { chainAuditEntry } from './chain.js';
import type { AuditEntry } from './record.js';

const entry: AuditEntry = {
  businessId: 'biz_1' as BusinessId,
  id: 'a_1',
  actorType: 'api_key',
  actorId: 'key_1',
  action: 'payout.create',
  target: null,
  address: null,
  requestId: null,
  outcome: 'ok',
  details: null,
};

describe('chainAuditEntry', () => {
  it.each(['actorId', 'action', 'target', 'address', 'requestId', 'outcome'] as const)(
    'replaces what no database keeps in %s, and has the hash of what is kept',
    (field) => {
      const record = chainAuditEntry(null, { ...entry, [field]: 'a\0b\uD83Dc\uDE00\u{1F600}' }, 1);
      expect(record[field]).toBe('a\uFFFDb\uFFFDc\uFFFD\u{1F600}');
      expect(chainAuditEntry(null, record, 1)).toEqual(record);
    },
  );

  it('has the same hash in every version, in whatever order the details come', () => {
    const first = chainAuditEntry(null, { ...entry, details: { b: '2', a: '1', c: '3' } }, 5);
    const zeros = '0'.repeat(64);
    const content = `[1,5,"${zeros}","biz_1","a_1","api_key","key_1","payout.create",null,null,null,"ok",{"a":"1","b":"2","c":"3"}]`;
    const hash = createHash('sha256').update(content).digest('hex');
    expect(first).toMatchObject({ sequence: 1, createdAt: 5, previousHash: zeros, hash });
    expect(chainAuditEntry(null, { ...entry, details: { c: '3', a: '1', b: '2' } }, 5)).toEqual(first);
    expect(chainAuditEntry(first, entry, 4)).toMatchObject({ sequence: 2, createdAt: 5, previousHash: hash });
  });

  it('keeps what is not there, and what is empty, as it is', () => {
    expect(chainAuditEntry(null, { ...entry, target: '' }, 1)).toMatchObject({
      target: '',
      address: null,
      details: null,
    });
  });
});

import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { derivePayoutHash, payoutHashDeriver } from './derive.js';

const SECRET = '0123456789abcdef0123456789abcdef';
const OF_ONE = { secret: SECRET, businessId: 'biz_1', email: 'user@example.com' };

function independent(secret: string | Uint8Array, businessId: string, message: string): string {
  const key = Buffer.from(hkdfSync('sha256', secret, '', `bursar/payout-hash/v1\0${businessId}`, 32));
  return createHmac('sha256', key).update(message, 'utf8').digest('hex');
}

describe('derivePayoutHash', () => {
  it('is the HMAC under the HKDF key that the specification says', () => {
    expect(derivePayoutHash(OF_ONE)).toBe(independent(SECRET, 'biz_1', 'user@example.com'));
    expect(derivePayoutHash({ ...OF_ONE, generation: 12 })).toBe(
      independent(SECRET, 'biz_1', 'user@example.com\x0012'),
    );
  });

  it('is the same for the same input, and for generation 0 and none', () => {
    expect(derivePayoutHash(OF_ONE)).toBe(derivePayoutHash({ ...OF_ONE, email: ' USER@example.com' }));
    expect(derivePayoutHash(OF_ONE)).toBe(derivePayoutHash({ ...OF_ONE, generation: 0 }));
  });

  it('is another for another business, side, address, generation or secret', () => {
    const hashes = [
      OF_ONE,
      { ...OF_ONE, businessId: 'biz_2' },
      { ...OF_ONE, businessId: 'biz_1_test' },
      { ...OF_ONE, email: 'user@example.co' },
      { ...OF_ONE, email: 'user@example.com1' },
      { ...OF_ONE, generation: 1 },
      { ...OF_ONE, generation: 11 },
      { ...OF_ONE, secret: `${SECRET}0` },
    ].map(derivePayoutHash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('refuses what would make two inputs one: an address with a NUL, and lone surrogates in a business id', () => {
    expect(() => derivePayoutHash({ ...OF_ONE, email: 'user@example.com\x001' })).toThrow(TypeError);
    expect(() => derivePayoutHash({ ...OF_ONE, businessId: '\ud800' })).toThrow(/businessId must be/);
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, true])(
    'refuses the generation %j',
    (generation) => {
      expect(() => derivePayoutHash({ ...OF_ONE, generation: generation as number })).toThrow(/^generation must be/);
    },
  );

  it.each(['', undefined, null, 7, ['biz_1']])('refuses the business id %j', (businessId) => {
    expect(() => derivePayoutHash({ ...OF_ONE, businessId: businessId as string })).toThrow(/^businessId must be/);
  });

  it.each([
    undefined,
    null,
    '',
    'x'.repeat(31),
    new Uint8Array(31),
    7,
    Array.from({ length: 32 }, () => 1),
    new ArrayBuffer(64),
    new Uint16Array(64),
  ])('refuses a secret that is short or no text or bytes, case %#', (secret) => {
    expect(() => derivePayoutHash({ ...OF_ONE, secret: secret as string })).toThrow(/^secret must be/);
  });

  it('counts the bytes of a secret, not its characters', () => {
    expect(derivePayoutHash({ ...OF_ONE, secret: 'é'.repeat(16) })).toBe(
      derivePayoutHash({ ...OF_ONE, secret: Buffer.from('é'.repeat(16)) }),
    );
  });
});

describe('payoutHashDeriver', () => {
  it('derives what derivePayoutHash does, however many businesses it has seen', () => {
    const deriver = payoutHashDeriver(SECRET);
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1100; index++) deriver.derive(`biz_${index}`, 'user@example.com');
    }
    for (const businessId of ['biz_0', 'biz_1', 'biz_999', 'biz_1099']) {
      expect(deriver.derive(businessId, 'User@example.com', 3)).toBe(
        derivePayoutHash({ ...OF_ONE, businessId, generation: 3 }),
      );
    }
  });

  it('does not see a later change of the bytes it was given', () => {
    const bytes = new Uint8Array(32).fill(1);
    const deriver = payoutHashDeriver(bytes);
    bytes.fill(2);
    expect(deriver.derive('biz_1', 'a@b.cd')).toBe(
      derivePayoutHash({ secret: new Uint8Array(32).fill(1), businessId: 'biz_1', email: 'a@b.cd' }),
    );
  });

  it('makes ids of users that follow from business and address and say nothing of the hash', () => {
    const deriver = payoutHashDeriver(SECRET);
    const id = deriver.userId('biz_1', 'user@example.com');
    expect(id).toMatch(/^usr_[0-9a-f]{24}$/);
    expect(deriver.userId('biz_1', ' USER@example.com')).toBe(id);
    expect(deriver.userId('biz_2', 'user@example.com')).not.toBe(id);
    expect(deriver.derive('biz_1', 'user@example.com')).not.toContain(id.slice(4));
  });

  it('names its secret by a fingerprint that another secret does not have', () => {
    const prints = [SECRET, `${SECRET}0`, new Uint8Array(32)].map((secret) => payoutHashDeriver(secret).fingerprint);
    expect(new Set(prints).size).toBe(3);
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{12}$/);
  });

  it('names a secret and a user as every version before did: both names are kept in storage', () => {
    const sha256 = createHash('sha256').update(`bursar/secret-id/v1\0${SECRET}`).digest('hex');
    const deriver = payoutHashDeriver(SECRET);
    expect(deriver.fingerprint).toBe(sha256.slice(0, 12));
    const key = Buffer.from(hkdfSync('sha256', SECRET, '', 'bursar/payout-hash/v1\0biz_1', 32));
    const hmac = createHmac('sha256', key).update('\0user-id\0user@example.com').digest('hex');
    expect(deriver.userId('biz_1', 'user@example.com')).toBe(`usr_${hmac.slice(0, 24)}`);
  });

  it('derives a key for another purpose by HKDF with an info of its own', () => {
    const key = payoutHashDeriver(SECRET).subKey('destination', 'biz_1');
    const info = 'bursar/sub-key/v1\0destination\0biz_1';
    expect(Buffer.from(key)).toEqual(Buffer.from(hkdfSync('sha256', SECRET, '', info, 32)));
  });

  it('has another key for another purpose, business or secret', () => {
    const keys = [
      payoutHashDeriver(SECRET).subKey('destination', 'biz_1'),
      payoutHashDeriver(SECRET).subKey('webhook', 'biz_1'),
      payoutHashDeriver(SECRET).subKey('destination', 'biz_2'),
      payoutHashDeriver(`${SECRET}0`).subKey('destination', 'biz_1'),
    ].map((key) => Buffer.from(key).toString('hex'));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gives no purpose the key that the hashes of a business are made with', () => {
    const hashKey = Buffer.from(hkdfSync('sha256', SECRET, '', 'bursar/payout-hash/v1\0biz_1', 32));
    for (const purpose of ['payout-hash', 'payout-hash/v1', '']) {
      expect(Buffer.from(payoutHashDeriver(SECRET).subKey(purpose, 'biz_1'))).not.toEqual(hashKey);
    }
  });
});

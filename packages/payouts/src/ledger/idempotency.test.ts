import { describe, expect, it } from 'vitest';
import { BIZ, OTHER_BIZ } from '../../test/ledger-rows.js';
import { type RepeatableRequest, transferIdentity } from './idempotency.js';

const NOW = 1_800_000_000_000;

const asked: RepeatableRequest = {
  businessId: BIZ,
  principal: 'business',
  route: 'payout/create',
  idempotencyKey: 'order-7',
  content: ['user@example.com'],
};
const identity = (over: Partial<RepeatableRequest> = {}) => transferIdentity({ ...asked, ...over }, () => NOW);

describe('transferIdentity', () => {
  it('is the same for the same request, in every process and for ever', () => {
    // printf '["idempotency-key","biz_1","business","payout/create","order-7"]' | sha256sum, and
    // printf '["payout/create","user@example.com"]' | sha256sum: other values would move the money of old keys again.
    expect(identity()).toEqual({
      id: 'tr_f6ba178f848aaa1d5378f0b970887dc0f033b659',
      requestDigest: '2e00817d7af283cf46fe0fe7749fa68ac345f666ea577a9f8fac1098ed300376',
    });
  });

  it('has another id for each part of the scope', () => {
    const ids = [
      identity(),
      identity({ businessId: OTHER_BIZ }),
      identity({ principal: 'usr_1' }),
      identity({ route: 'payout/fund' }),
      identity({ idempotencyKey: 'order-8' }),
      identity({ principal: 'business","payout/create' }),
      identity({ principal: 'businesspayout/', route: 'create' }),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the same id for other content, and another digest, by which the conflict is known', () => {
    const other = identity({ content: ['other@example.com'] });
    expect(other.id).toBe(identity().id);
    expect(other.requestDigest).not.toBe(identity().requestDigest);
  });

  it('tells content apart that only reads the same when put together', () => {
    const digests = [['a', 'b'], ['ab'], ['a,b'], ['b', 'a'], ['a', 'b', null], []].map(
      (content) => identity({ content }).requestDigest,
    );
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('has a digest of the route too, and none of the key or the principal', () => {
    const { requestDigest } = identity();
    expect(identity({ route: 'payout/fund' }).requestDigest).not.toBe(requestDigest);
    expect(identity({ idempotencyKey: 'order-8', principal: 'usr_1' }).requestDigest).toBe(requestDigest);
  });

  it('stands without a key behind those that were made before, so that an index grows at its end', () => {
    const at = (now: number): string => transferIdentity({ ...asked, idempotencyKey: undefined }, () => now).id;
    const ids = [0, 1, 255, 256, NOW, NOW + 1, 9_999_999_999_999].map(at);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set([35]));
  });

  it('is a new one each time without a key', () => {
    const ids = Array.from({ length: 100 }, () => identity({ idempotencyKey: undefined }).id);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^tr_[0-9a-f]{32}$/);
    expect(identity({ idempotencyKey: undefined }).requestDigest).toBe(identity().requestDigest);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { scene } from '../../test/scene.js';
import type { Payouts } from '../index.js';
import { auditLines } from './audit.js';
import type { AuditRecord } from './record.js';

const BIZ = { businessId: 'biz_1' };
const MADE = { ...BIZ, action: 'webhook_endpoint.create' };
const details = (length: number) => Object.fromEntries(Array.from({ length }, (_, index) => [`d${index}`, '']));

async function linesOf(payouts: Payouts, options: { readonly from?: number } = {}): Promise<AuditRecord[]> {
  const lines: AuditRecord[] = [];
  for await (const line of auditLines(payouts, { ...BIZ, ...options })) {
    expect(line).toMatch(/^[^\n]+\n$/);
    lines.push(JSON.parse(line) as AuditRecord);
  }
  return lines;
}

describe('the audit log', () => {
  it('takes what other packages have done', async () => {
    const { payouts } = await scene({ audit: true });
    const by = payouts.as({ actorType: 'operator', actorId: 'Ann' });
    await by.audit.record({ ...MADE, target: 'ep_1', details: { url: 'https://example.com' } });
    await by.audit.record({ ...MADE, outcome: 'invalid_fields' });
    expect((await linesOf(payouts)).slice(-2)).toMatchObject([
      { ...MADE, actorId: 'Ann', target: 'ep_1', outcome: 'ok', details: { url: 'https://example.com' } },
      { ...MADE, target: null, outcome: 'invalid_fields', details: null },
    ]);
  });

  it.each([
    ['action', { action: 'Webhook endpoint' }],
    ['action', { action: '' }],
    ['action', { action: 'a'.repeat(65) }],
    ['outcome', { outcome: 'no no' }],
    ['details', { details: details(21) }],
    ['outcome', { outcome: 'a'.repeat(65) }],
  ])('refuses a wrong %s: %j', async (name, wrong) => {
    const { payouts } = await scene({ audit: true });
    await expect(payouts.audit.record({ ...MADE, ...wrong })).rejects.toThrow(new RegExp(`^${name} must be`));
  });

  it('takes the longest that it may', async () => {
    const { payouts } = await scene({ audit: true });
    const longest = { ...BIZ, action: 'a'.repeat(64), outcome: 'b'.repeat(64), details: details(20) };
    await payouts.audit.record(longest);
    expect((await linesOf(payouts)).at(-1)).toMatchObject(longest);
  });

  it('is read page by page, newest first, whatever comes meanwhile', async () => {
    const { payouts } = await scene({ audit: true });
    for (let made = 0; made < 5; made++) await payouts.audit.record(MADE);
    const seen: number[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await payouts.audit.list({ ...BIZ, limit: 2, cursor });
      if (!page.ok) throw new Error('the page was refused');
      expect(page.replayed).toBe(false);
      seen.push(...page.value.items.map(({ sequence }) => sequence));
      await payouts.audit.record(MADE);
      if (page.value.nextCursor === null) break;
      cursor = page.value.nextCursor;
      if (seen.length === 2) await payouts.audit.record(MADE);
    }
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual(Array.from(seen, (_, index) => seen.length - index));
  });

  it('goes on at a cursor that an earlier release gave', async () => {
    const { payouts } = await scene({ audit: true });
    await payouts.audit.record(MADE);
    const page = await payouts.audit.list({ ...BIZ, cursor: '3.8921e89a28c0' });
    expect(page.ok && page.value.items.map(({ sequence }) => sequence)).toEqual([2, 1]);
  });

  it('has nothing before the first, and does not ask storage for it', async () => {
    const { payouts, storage } = await scene({ audit: true });
    const listAudit = vi.spyOn(storage, 'listAudit');
    expect(await payouts.audit.list({ ...BIZ, cursor: '1.bd505159567f' })).toEqual({
      ok: true,
      replayed: false,
      value: { items: [], nextCursor: null },
    });
    expect(listAudit).not.toHaveBeenCalled();
  });

  it('refuses a cursor of another list', async () => {
    const { payouts } = await scene({ audit: true });
    expect(await payouts.audit.list({ ...BIZ, cursor: '1.000000000000' })).toMatchObject({
      ok: false,
      error: { code: 'invalid_fields' },
    });
    for (let made = 0; made < 4; made++) await payouts.audit.record(MADE);
    const first = await payouts.audit.list({ ...BIZ, limit: 1 });
    const cursorOfOther = first.ok ? String(first.value.nextCursor) : '';
    expect(await payouts.audit.list({ businessId: 'biz_1_test', cursor: cursorOfOther })).toMatchObject({ ok: false });
  });

  it('is written out as JSON lines, oldest first, each after the one before', async () => {
    const { payouts } = await scene({ audit: true });
    await Promise.all(Array.from({ length: 1_100 }, () => payouts.audit.record(MADE)));
    const lines = await linesOf(payouts);
    expect(lines.length).toBeGreaterThan(1_100);
    expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index + 1));
    for (const [index, { previousHash }] of lines.entries()) {
      expect(previousHash).toBe(lines[index - 1]?.hash ?? '0'.repeat(64));
    }
    expect(await linesOf(payouts, { from: 1_000 })).toEqual(lines.slice(999));
  });

  it('is written out of nothing but its own business', async () => {
    const { payouts } = await scene({ audit: true });
    await payouts.audit.record({ ...MADE, businessId: 'biz_1_test' });
    expect((await linesOf(payouts)).filter(({ businessId }) => businessId !== 'biz_1')).toEqual([]);
    await expect(auditLines(payouts, { businessId: 'biz_9' }).next()).rejects.toThrow('does not exist');
    await expect(auditLines(payouts, { ...BIZ, from: 0 }).next()).rejects.toThrow('from must be an integer from 1');
  });
});

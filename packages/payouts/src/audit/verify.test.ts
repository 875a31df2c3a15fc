import { type Digest, digest } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import { memoryStorage } from '@bursar/memory';
import { describe, expect, it } from 'vitest';
import { chainAuditEntry, FIRST_HASH } from './chain.js';
import type { AuditEntry, AuditListRequest, AuditRecord } from './record.js';
import { verifyAuditLog } from './verify.js';

const BIZ = 'biz_1' as BusinessId;

function entry(id: string, over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    businessId: BIZ,
    id,
    actorType: 'api_key',
    actorId: 'key_1',
    action: 'payout.create',
    target: 'usr_1',
    address: null,
    requestId: 'req_1',
    outcome: 'ok',
    details: { amount: '10' },
    ...over,
  };
}

/** A storage with so many entries of two businesses. */
async function logOf(count: number) {
  let now = 1_000_000;
  const storage = memoryStorage({ now: () => now });
  for (let index = 1; index <= count; index++) {
    now += 10;
    await storage.appendAudit([entry(`au_${index}`), entry(`au_${index}`, { businessId: 'biz_2' as BusinessId })]);
  }
  const rows = count === 0 ? [] : await storage.listAudit({ ...ALL, limit: Math.min(count, 1000) });
  return { storage, rows };
}

const ALL = { businessId: BIZ, order: 'ascending', from: null } as const;

/** What somebody has made of a log behind the storage's back. */
function holding(rows: readonly AuditRecord[]) {
  return {
    listAudit: ({ from, limit }: AuditListRequest) =>
      rows.filter(({ sequence }) => sequence >= (from ?? 1)).slice(0, limit),
  };
}

/** The entries as one would chain them who has changed one and wants to hide it. */
function chained(rows: readonly AuditRecord[]): AuditRecord[] {
  const chain: AuditRecord[] = [];
  for (const row of rows) chain.push(chainAuditEntry(chain.at(-1) ?? null, row, row.createdAt));
  return chain;
}

describe('verifyAuditLog', () => {
  it('finds a good log good, and answers with its head', async () => {
    const { storage, rows } = await logOf(7);
    const head = rows.at(-1)?.hash;
    expect(await verifyAuditLog(storage, BIZ)).toEqual({ ok: true, entries: 7, head });
    expect(await verifyAuditLog(storage, 'biz_2')).toMatchObject({ ok: true, entries: 7 });
    expect(await verifyAuditLog(storage, 'nobody')).toEqual({ ok: true, entries: 0, head: FIRST_HASH });
  });

  it('reads on where there is more than one page', async () => {
    const { storage } = await logOf(2000);
    expect(await verifyAuditLog(storage, BIZ)).toMatchObject({ ok: true, entries: 2000 });
  });

  it.each<[keyof AuditRecord, unknown]>([
    ['id', 'au_x'],
    ['actorType', 'operator'],
    ['actorId', 'key_2'],
    ['action', 'payout.fund'],
    ['target', null],
    ['address', '192.0.2.1'],
    ['requestId', ''],
    ['outcome', 'refused'],
    ['details', { amount: '11' }],
    ['details', null],
    ['createdAt', 1_000_031],
    ['createdAt', 5],
    ['businessId', 'biz_2'],
    ['hash', digest('x')],
  ])('names the entry whose %s was changed, to %j', async (field, value) => {
    const { rows } = await logOf(5);
    const changed = rows.map((row) => (row.sequence === 3 ? { ...row, [field]: value } : row));
    const id = field === 'id' ? 'au_x' : 'au_3';
    expect(await verifyAuditLog(holding(changed), BIZ)).toMatchObject({
      ok: false,
      sequence: 3,
      id,
      fault: 'changed',
      problem: 'its hash is not that of what it says',
    });
  });

  it('names the one after an entry that was changed together with its hash', async () => {
    const { rows } = await logOf(5);
    const [third] = chained(rows.map((row) => (row.sequence === 3 ? { ...row, outcome: 'x' } : row))).slice(2);
    const changed = rows.map((row) => (row.sequence === 3 && third ? third : row));
    expect(await verifyAuditLog(holding(changed), BIZ)).toMatchObject({
      ok: false,
      sequence: 4,
      id: 'au_4',
      fault: 'wrong_previous',
      problem: 'it follows another entry than the one before it',
    });
  });

  it('names each entry that was removed, but for the last', async () => {
    const { rows } = await logOf(4);
    for (const gone of [1, 2, 3]) {
      const left = rows.filter(({ sequence }) => sequence !== gone);
      expect(await verifyAuditLog(holding(left), BIZ)).toEqual({
        ok: false,
        sequence: gone,
        id: null,
        fault: 'gap',
        problem: `it is not there; the next one is ${gone + 1}`,
      });
    }
  });

  it('names the place where entries were removed and the rest was numbered anew', async () => {
    const { rows } = await logOf(5);
    const left = rows.filter(({ sequence }) => sequence !== 3).map((row, index) => ({ ...row, sequence: index + 1 }));
    expect(await verifyAuditLog(holding(left), BIZ)).toMatchObject({ ok: false, sequence: 3, fault: 'wrong_previous' });
  });

  it('misses no removed end, and no log that was made anew, where it is told the head', async () => {
    const { storage, rows } = await logOf(5);
    const expectedHead = rows.at(-1)?.hash ?? FIRST_HASH;
    expect(await verifyAuditLog(storage, BIZ, { expectedHead })).toMatchObject({ ok: true });
    const cut = holding(rows.slice(0, 4));
    expect(await verifyAuditLog(cut, BIZ)).toMatchObject({ ok: true, entries: 4 });
    const missing = {
      ok: false,
      id: null,
      fault: 'head_missing',
      problem: 'the expected head is not in the log: its end was removed, or all of it was made anew',
    };
    expect(await verifyAuditLog(cut, BIZ, { expectedHead })).toMatchObject({ ...missing, sequence: 5 });
    expect(await verifyAuditLog(holding([]), BIZ, { expectedHead })).toMatchObject({ ...missing, sequence: 1 });
    const forged = holding(chained(rows.map((row) => ({ ...row, actorId: 'somebody' }))));
    expect(await verifyAuditLog(forged, BIZ)).toMatchObject({ ok: true });
    expect(await verifyAuditLog(forged, BIZ, { expectedHead })).toMatchObject({ ...missing, sequence: 6 });
    expect(await verifyAuditLog(storage, BIZ, { expectedHead: digest('x') as Digest })).toMatchObject(missing);
  });

  it('is content with an old head, whatever was added since', async () => {
    const { storage, rows } = await logOf(5);
    const expectedHead = rows.at(-1)?.hash ?? FIRST_HASH;
    await storage.appendAudit([entry('au_6')]);
    expect(await verifyAuditLog(storage, BIZ, { expectedHead })).toMatchObject({ ok: true, entries: 6 });
  });

  it('is not found out by the order in which a storage keeps the members of details', async () => {
    const storage = memoryStorage();
    await storage.appendAudit([entry('au_1', { details: { b: '2', a: '1', 10: 'x', 9: 'y' } })]);
    const rows = await storage.listAudit({ ...ALL, limit: 10 });
    const turned = rows.map((row) => ({
      ...row,
      details: Object.fromEntries(Object.entries(row.details ?? {}).reverse()),
    }));
    expect(await verifyAuditLog(holding(turned), BIZ)).toMatchObject({ ok: true });
  });

  it('says so where storage cannot be asked', async () => {
    const listAudit = () => Promise.reject(new Error('away'));
    await expect(verifyAuditLog({ listAudit }, BIZ)).rejects.toMatchObject({ code: 'service_unavailable' });
  });
});

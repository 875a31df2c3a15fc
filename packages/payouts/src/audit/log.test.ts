import type { BusinessId } from '@bursar/core/storage';
import { describe, expect, it } from 'vitest';
import { ManualTimers, until } from '../../test/manual-timers.js';
import { AuditEntryLostError, auditLog } from './log.js';
import type { AuditEntry } from './record.js';

const entry = (id: string): AuditEntry => ({
  businessId: 'biz_1' as BusinessId,
  id,
  actorType: 'operator',
  actorId: 'Ann',
  action: 'payout.create',
  target: null,
  address: null,
  requestId: null,
  outcome: 'ok',
  details: null,
});

/** A log on a storage that the test has fail or hang, with timers that it moves. */
function logScene() {
  const timers = new ManualTimers();
  const errors: unknown[] = [];
  const kept: string[] = [];
  const batches: number[] = [];
  const state = { failure: undefined as Error | undefined, poison: '', hangs: false };
  const log = auditLog({
    schedule: timers.schedule,
    onError: (error) => void errors.push(error),
    storage: {
      async appendAudit(entries) {
        batches.push(entries.length);
        if (state.hangs) await new Promise(() => undefined);
        if (state.failure !== undefined) throw state.failure;
        if (entries.some(({ id }) => id === state.poison)) throw new Error('this one cannot be kept');
        kept.push(...entries.map(({ id }) => id));
        return entries.map(() => ({}) as never);
      },
      listAudit: () => [],
    },
  });
  return { log, timers, errors, kept, batches, state };
}

/** Lets the next attempt come, and resolves when it was made. */
async function nextRound({ timers, batches }: ReturnType<typeof logScene>): Promise<void> {
  const made = batches.length;
  timers.advance(60_000);
  await until(() => batches.length > made && timers.size > 0, 'another attempt was made');
}

describe('the audit log', () => {
  it('has kept an entry when the answer comes, and leaves no timer behind', async () => {
    const { log, kept, timers } = logScene();
    await log.write(entry('aud_1'));
    expect(kept).toEqual(['aud_1']);
    expect(timers.size).toBe(0);
  });

  it('sends what arrives together as one batch, in order', async () => {
    const { log, kept, batches } = logScene();
    const ids = Array.from({ length: 20 }, (_, index) => `aud_${index}`);
    await Promise.all(ids.map((id) => log.write(entry(id))));
    expect(kept).toEqual(ids);
    expect(batches.length).toBeLessThan(4);
  });

  it('answers though storage fails, tells of it once a batch, and keeps the entries later', async () => {
    const made = logScene();
    made.state.failure = new Error('the disk is full');
    await Promise.all(['aud_1', 'aud_2', 'aud_3'].map((id) => made.log.write(entry(id))));
    expect(made.errors).toEqual([made.state.failure]);
    await nextRound(made);
    made.state.failure = undefined;
    made.timers.advance(60_000);
    await until(() => made.kept.length === 3, 'all are kept');
    expect(made.kept.sort()).toEqual(['aud_1', 'aud_2', 'aud_3']);
    expect(made.errors).toHaveLength(1);
  });

  it('answers after five seconds though storage hangs', async () => {
    const { log, timers, state } = logScene();
    state.hangs = true;
    let answered = false;
    const written = log.write(entry('aud_1')).then(() => {
      answered = true;
    });
    timers.advance(4_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    timers.advance(1);
    await written;
  });

  it('keeps the others where storage never takes one of a batch, and tells of that one with all that it said', async () => {
    const made = logScene();
    made.state.poison = 'aud_2';
    await Promise.all(['aud_1', 'aud_2', 'aud_3'].map((id) => made.log.write(entry(id))));
    await until(() => made.timers.size > 0, 'a retry is planned');
    for (let round = 0; round < 40 && made.timers.size > 0; round++) {
      made.timers.advance(60_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(made.kept.sort()).toEqual(['aud_1', 'aud_3']);
    const lost = made.errors.filter((error) => error instanceof AuditEntryLostError);
    expect(lost).toMatchObject([{ code: 'audit_entry_lost', entry: entry('aud_2') }]);
    expect(String(lost[0])).toContain('"action":"payout.create"');
  });

  it('tells at the end of what storage still does not take', async () => {
    const { log, errors, state, timers } = logScene();
    state.failure = new Error('gone');
    await log.write(entry('aud_1'));
    await log.close();
    expect(errors[1]).toBeInstanceOf(AuditEntryLostError);
    expect(timers.size).toBe(0);
  });

  it('keeps at the end what storage takes by then', async () => {
    const { log, errors, state, kept } = logScene();
    state.failure = new Error('gone for a while');
    await log.write(entry('aud_1'));
    state.failure = undefined;
    await log.close();
    expect(kept).toEqual(['aud_1']);
    expect(errors).toEqual([new Error('gone for a while')]);
  });

  it('waits at the end no longer than it may, and tells of what hangs', async () => {
    const { log, errors, state, timers } = logScene();
    state.hangs = true;
    void log.write(entry('aud_1'));
    const closed = log.close(100);
    timers.advance(100);
    await closed;
    expect(errors).toMatchObject([{ name: 'AuditEntryLostError', entry: entry('aud_1') }]);
  });

  it('holds no more than 10,000 entries for later', async () => {
    const { log, errors, state } = logScene();
    state.failure = new Error('gone');
    for (let from = 0; from < 10_001; from += 1_000) {
      await Promise.all(Array.from({ length: 1_000 }, (_, index) => log.write(entry(`aud_${from + index}`))));
    }
    expect(errors.filter((error) => error instanceof AuditEntryLostError)).toHaveLength(1_000);
  });
});

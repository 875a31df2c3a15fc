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
  const delays: number[] = [];
  const state = { failure: undefined as Error | undefined, poison: '', hang: undefined as Promise<void> | undefined };
  const log = auditLog({
    schedule(run, delayMs) {
      delays.push(delayMs);
      return timers.schedule(run, delayMs);
    },
    onError: (error) => void errors.push(error),
    storage: {
      async appendAudit(entries) {
        batches.push(entries.length);
        await state.hang;
        if (state.failure !== undefined) throw state.failure;
        if (entries.some(({ id }) => id === state.poison)) throw new Error('this one cannot be kept');
        kept.push(...entries.map(({ id }) => id));
        return entries.map(() => ({}) as never);
      },
      listAudit: () => [],
    },
  });
  /** How long it waits between two tries: all delays but the longest that an answer takes. */
  const pauses = () => delays.filter((delayMs) => delayMs !== 5_000);
  return { log, timers, errors, kept, batches, pauses, state };
}

/** Has storage hang from now on; what it answers ends that. */
function hang(state: ReturnType<typeof logScene>['state']): () => void {
  let end = (): void => undefined;
  state.hang = new Promise((resolve) => {
    end = resolve;
  });
  return end;
}

const lostOf = (errors: readonly unknown[]) => errors.filter((error) => error instanceof AuditEntryLostError);
const turn = () => new Promise((resolve) => setImmediate(resolve));

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
    hang(state);
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

  it('tries twelve times, each time after twice as long, up to a minute', async () => {
    const { log, timers, errors, batches, pauses, state } = logScene();
    state.failure = new Error('gone');
    await log.write(entry('aud_1'));
    for (let round = 0; round < 20; round++) {
      timers.advance(60_000);
      await turn();
    }
    const slow = Array.from({ length: 4 }, () => 60_000);
    expect(pauses()).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, ...slow]);
    expect([batches.length, timers.size]).toEqual([12, 0]);
    expect(lostOf(errors)).toMatchObject([{ cause: state.failure }]);
  });

  it('begins with the short pause again once all was kept', async () => {
    const made = logScene();
    made.state.failure = new Error('gone');
    await made.log.write(entry('aud_1'));
    await nextRound(made);
    made.state.failure = undefined;
    made.timers.advance(1_000);
    await turn();
    expect([made.kept, made.timers.size]).toEqual([['aud_1'], 0]);
    made.state.failure = new Error('gone again');
    await made.log.write(entry('aud_2'));
    expect(made.pauses()).toEqual([500, 1_000, 500]);
  });

  it('waits once for all that failed, and not at all while it tries', async () => {
    const { log, timers, kept, pauses, state } = logScene();
    state.failure = new Error('gone');
    await log.write(entry('aud_1'));
    await log.write(entry('aud_2'));
    expect(timers.size).toBe(1);
    const end = hang(state);
    timers.advance(500);
    state.hang = undefined;
    await log.write(entry('aud_3'));
    expect(timers.size).toBe(0);
    end();
    await until(() => timers.size === 1, 'the next attempt is planned');
    expect(pauses()).toEqual([500, 1_000]);
    state.failure = undefined;
    timers.advance(1_000);
    await turn();
    expect(kept.sort()).toEqual(['aud_1', 'aud_2', 'aud_3']);
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
    const lost = lostOf(made.errors);
    expect(lost).toMatchObject([{ code: 'audit_entry_lost', entry: entry('aud_2') }]);
    expect(String(lost[0])).toContain('"action":"payout.create"');
  });

  it('tells at the end of what storage still does not take', async () => {
    const { log, errors, state, timers } = logScene();
    state.failure = new Error('gone');
    await log.write(entry('aud_1'));
    await log.close();
    expect(errors).toMatchObject([state.failure, { name: 'AuditEntryLostError', cause: state.failure }]);
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
    hang(state);
    void log.write(entry('aud_1'));
    const closed = log.close(100);
    timers.advance(100);
    await closed;
    expect(errors).toMatchObject([
      {
        name: 'AuditEntryLostError',
        entry: entry('aud_1'),
        cause: new Error('the audit log was closed before storage took it'),
      },
    ]);
  });

  it('tells once of what hung at the end, whatever becomes of it after that', async () => {
    const { log, errors, state, timers } = logScene();
    state.failure = new Error('gone');
    await log.write(entry('aud_1'));
    const end = hang(state);
    timers.advance(500);
    const closed = log.close(100);
    timers.advance(100);
    await closed;
    end();
    await turn();
    expect(lostOf(errors)).toHaveLength(1);
  });

  it('ends at once where nothing is left to do', async () => {
    const { log, timers } = logScene();
    await log.close();
    expect(timers.size).toBe(0);
  });

  it('refuses what is too much for the queue of a storage that hangs, and tries it later', async () => {
    const { log, errors, state, timers, pauses } = logScene();
    const end = hang(state);
    // One is under way, and 10,000 wait.
    for (let index = 0; index <= 10_000; index++) void log.write(entry(`aud_${index}`));
    expect(pauses()).toEqual([]);
    await log.write(entry('aud_late'));
    expect(errors).toEqual([new Error('the queue to the audit log is full')]);
    expect(pauses()).toEqual([500]);
    end();
    await until(() => timers.size === 1, 'the others are kept');
  });

  it('holds no more than 10,000 entries for later', async () => {
    const { log, errors, state } = logScene();
    state.failure = new Error('gone');
    for (let from = 0; from < 10_001; from += 1_000) {
      await Promise.all(Array.from({ length: 1_000 }, (_, index) => log.write(entry(`aud_${from + index}`))));
    }
    expect(lostOf(errors)).toHaveLength(1_000);
  });
});

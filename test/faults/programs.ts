/** The fault programs by name. A command runs one in full, and CI runs each in a short form, as a test. */

import { generatedInProcess } from '../generated/programs.js';
import { modelRuns } from '../model/model-runs.js';
import { ADAPTERS } from '../model/on-adapters.js';
import { backupOfSqlite } from './backup.js';
import { fullDisks, readOnlyFiles } from './disks.js';
import { fsyncs } from './fsync.js';
import { bankOn, clocksBack, racesInMemory, racesOn, withFile } from './on-adapters.js';
import { POSTGRES_PROGRAMS } from './postgres-programs.js';
import { ANY_SEED, type Program, program } from './program.js';
import type { FaultReport } from './report.js';
import { sqliteKill } from './sqlite-kill.js';
import { webhooks } from './webhooks.js';

export const PROGRAMS: Readonly<Record<string, Program>> = {
  'sqlite-kill': program({ rounds: 200, seed: 1 }, { rounds: 10, seed: 2 }, async (numbers, { script }) => [
    await sqliteKill({ ...numbers, script }),
  ]),
  races: program({ rounds: 500, seed: 1 }, { rounds: 20, seed: 2 }, async (numbers, { script }) => [
    ...(await withFile((shared) => racesOn(shared, { ...numbers, script }))),
    await racesInMemory(numbers),
  ]),
  bank: program(
    { transfers: 100_000, reads: 10_000, seed: 1 },
    { transfers: 2000, reads: 20, seed: 2 },
    async (numbers, { script }) => [await withFile((shared) => bankOn(shared, { ...numbers, script }))],
  ),
  backup: program({ operations: 5000, seed: 1 }, { operations: 300, seed: 2 }, async (numbers, { root }) => [
    await backupOfSqlite({ ...numbers, root }),
  ]),
  'full-disk': program({ seed: 1 }, { seed: 2 }, ({ seed }, { root }) => fullDisks({ root, seed })),
  'read-only': program({ seed: 1 }, { seed: 2 }, ({ seed }, { root }) => readOnlyFiles({ root, seed })),
  fsync: program({ transfers: 1000 }, { transfers: 50 }, async ({ transfers }, { script }) => [
    fsyncs({ script, transfers }),
  ]),
  webhooks: program({ events: 10_000, kills: 3 }, { events: 300, kills: 1 }, async (numbers, { script }) => [
    await webhooks({ ...numbers, script }),
  ]),
  'clock-back': program({ runs: 500, seed: 1 }, { runs: 20, seed: 2 }, (numbers) => clocksBack(numbers)),
  model: program({ runs: 10_000, seed: ANY_SEED }, { runs: 1500, seed: ANY_SEED }, async ({ runs, seed }) => {
    const reports: FaultReport[] = [];
    for (const [where, open] of Object.entries(ADAPTERS)) {
      reports.push(await modelRuns({ open, where, runs, seed: seed === ANY_SEED ? undefined : seed }));
    }
    return reports;
  }),
  generated: program({ requests: 100_000, seed: 1 }, { requests: 2000, seed: 2 }, generatedInProcess),
  ...POSTGRES_PROGRAMS,
};

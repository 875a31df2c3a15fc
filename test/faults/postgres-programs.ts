/** The fault programs on a real PostgreSQL server, which they start. */
import { generatedOnPostgres } from '../generated/programs.js';
import { modelRuns } from '../model/model-runs.js';
import { backupOfPostgres } from './backup.js';
import { bankOn, racesOn } from './on-adapters.js';
import { withDatabase, withEmptied } from './on-postgres.js';
import { postgresAway, postgresSlow } from './postgres-away.js';
import { clientKill, postgresKill, standbyPromoted } from './postgres-kill.js';
import { ANY_SEED, type Program, program } from './program.js';

export const POSTGRES_PROGRAMS: Readonly<Record<string, Program>> = {
  'postgres-kill': program({ rounds: 40, seed: 1 }, { rounds: 3, seed: 2 }, async (numbers) => [
    await postgresKill(numbers),
  ]),
  'client-kill': program({ rounds: 40, seed: 1 }, { rounds: 2, seed: 2 }, async (numbers, { script }) => [
    await clientKill({ ...numbers, script }),
  ]),
  standby: program({ rounds: 5, seed: 1 }, { rounds: 1, seed: 2 }, async (numbers) => [await standbyPromoted(numbers)]),
  'backup postgres': program({ operations: 5000, seed: 1 }, { operations: 300, seed: 2 }, async (numbers) => [
    await backupOfPostgres(numbers),
  ]),
  away: program({ seconds: 10, seed: 1 }, { seconds: 1, seed: 2 }, async (numbers) => [await postgresAway(numbers)]),
  slow: program(
    { operations: 15_000, delayMs: 200, maxWaiting: 1000, seed: 1 },
    { operations: 400, delayMs: 100, maxWaiting: 50, seed: 2 },
    async (numbers) => [await postgresSlow(numbers)],
  ),
  'races postgres': program({ rounds: 500, seed: 1 }, { rounds: 10, seed: 2 }, (numbers, { script }) =>
    withDatabase((shared) => racesOn(shared, { ...numbers, script })),
  ),
  'bank postgres': program(
    { transfers: 100_000, reads: 10_000, seed: 1 },
    { transfers: 2000, reads: 20, seed: 2 },
    async (numbers, { script }) => [await withDatabase((shared) => bankOn(shared, { ...numbers, script }))],
  ),
  'generated postgres': program({ requests: 100_000, seed: 1 }, { requests: 500, seed: 2 }, generatedOnPostgres),
  'model postgres': program({ runs: 2000, seed: ANY_SEED }, { runs: 40, seed: ANY_SEED }, async ({ runs, seed }) => [
    await withEmptied((open) =>
      modelRuns({ open, where: 'PostgreSQL', runs, seed: seed === ANY_SEED ? undefined : seed }),
    ),
  ]),
};

import type { BursarStorage } from '@bursar/payouts/storage';
import { testStorage } from '@bursar/storage-testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStorage } from '../src/index.js';
import { CREATE_RUNTIME_ROLE, documentedGrants } from './grants.js';
import { businessId, changeItem, item, withdrawalItem } from './sample.js';
import { freshSchema, type Server, sql, startServer } from './server.js';

let server: Server;
let runtimeUrl: string;
beforeAll(async () => {
  server = await startServer();
  await sql(server.url, CREATE_RUNTIME_ROLE);
  runtimeUrl = server.url.replace('owner:', 'bursar_runtime:');
}, 60_000);
// After so many schemas there is much to write out.
afterAll(() => server.stop(), 60_000);

const schemas = new Map<BursarStorage, string>();

async function opened(schema: string, now: () => number): Promise<BursarStorage> {
  const storage = await openPostgresStorage({ connectionString: runtimeUrl, schema, now, migrate: false });
  schemas.set(storage, schema);
  return storage;
}

async function migrated(): Promise<string> {
  const schema = freshSchema();
  const owner = await openPostgresStorage({ connectionString: server.url, schema });
  await owner.close();
  await sql(server.url, documentedGrants(schema));
  return schema;
}

function schemaOf(storage: BursarStorage): string {
  const schema = schemas.get(storage);
  if (schema === undefined) throw new Error('this storage was not opened here');
  return schema;
}

testStorage({
  name: 'under the role that the guide gives no right to change a transfer',
  create: async ({ now }) => opened(await migrated(), now),
  async destroy(storage) {
    await storage.close();
    await sql(server.url, `DROP SCHEMA ${schemaOf(storage)} CASCADE`);
  },
  async reopen(storage, { now }) {
    await storage.close();
    return opened(schemaOf(storage), now);
  },
  share: (storage, { now }) => opened(schemaOf(storage), now),
});

it.each([
  ['change a transfer', 'UPDATE bursar_transfers SET amount = 1'],
  ['delete a transfer', 'DELETE FROM bursar_transfers'],
  ['empty the transfers', 'TRUNCATE bursar_transfers CASCADE'],
  ['change a version of a withdrawal', `UPDATE bursar_withdrawal_versions SET actor = 'nobody'`],
  ['delete a version of a withdrawal', 'DELETE FROM bursar_withdrawal_versions'],
  ['change the amount of a withdrawal', 'UPDATE bursar_withdrawals SET amount = 2'],
  ['change the recipient of a withdrawal', `UPDATE bursar_withdrawals SET payout_user_id = 'eve'`],
  ['change an event', `UPDATE bursar_events SET subject_id = 'nobody'`],
  ['delete an event', 'DELETE FROM bursar_events'],
  ['change an entry of the audit log', `UPDATE bursar_audit_log SET outcome = 'ok'`],
  ['delete an entry of the audit log', 'DELETE FROM bursar_audit_log'],
  ['delete a delivery', 'DELETE FROM bursar_deliveries'],
  ['delete a withdrawal', 'DELETE FROM bursar_withdrawals'],
  ['make a table', 'CREATE TABLE own (id text)'],
])('the role that runs cannot %s', async (_what, statement) => {
  const schema = await migrated();
  const asked = sql(runtimeUrl, `SET search_path = ${schema}; ${statement}`);
  await expect(asked).rejects.toThrow('permission denied');
});

it('the role that runs cannot change where the money of a withdrawal goes, nor forget it while it is open', async () => {
  const schema = await migrated();
  const storage = await opened(schema, () => 1000);
  const run = (text: string) => sql(runtimeUrl, `SET search_path = ${schema}; UPDATE bursar_withdrawals SET ${text}`);
  await storage.applyTransfers([item('t_1'), withdrawalItem('w_1', { destination: `v1.secret_1.${'x'.repeat(40)}` })]);
  await expect(run(`destination = 'v1.secret_1.elsewhere'`)).rejects.toThrow('bursar_withdrawals_destination_stays');
  await expect(run(`destination = ''`)).rejects.toThrow('bursar_withdrawals_destination_stays');
  await expect(run(`destination_end = 'elsewhere'`)).rejects.toThrow('permission denied');
  await storage.applyTransfers([changeItem('w_1', 0, { status: 'failed' })]);
  expect(await storage.forgetDestinations(0, 10)).toBe(1);
  expect(await storage.findWithdrawals([{ businessId, id: 'w_1' }])).toMatchObject([
    { destination: '', destinationSecretId: null, version: 1 },
  ]);
  await expect(run(`destination = 'v1.secret_1.elsewhere'`)).rejects.toThrow('bursar_withdrawals_destination_stays');
  await storage.close();
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The statements of the guide that give the running role its rights, for another schema. */
export function documentedGrants(schema: string): string {
  const guide = readFileSync(fileURLToPath(new URL('../../../docs/guides/postgres.md', import.meta.url)), 'utf8');
  const [, sql] = /```sql\n(CREATE ROLE bursar_runtime[\s\S]*?)```/.exec(guide) ?? [];
  if (sql === undefined) throw new Error('docs/guides/postgres.md has no statements for two roles');
  return sql
    .replace(/^CREATE ROLE.*\n/, '')
    .replaceAll('public.', `${schema}.`)
    .replaceAll('SCHEMA public', `SCHEMA ${schema}`);
}

export const CREATE_RUNTIME_ROLE = `CREATE ROLE bursar_runtime LOGIN PASSWORD 'of-a-test'`;

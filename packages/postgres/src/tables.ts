/** The names of Bursar's tables, quoted and with their schema: nothing depends on a session's search path. */
export interface Tables {
  readonly schema: string;
  readonly businesses: string;
  readonly apiKeys: string;
  readonly apiKeyDigests: string;
  readonly payoutUsers: string;
  readonly payoutUserDigests: string;
  readonly reissues: string;
  readonly accounts: string;
  readonly transfers: string;
  readonly expiringTransfers: string;
  readonly withdrawals: string;
  readonly withdrawalVersions: string;
  readonly events: string;
  readonly webhookEndpoints: string;
  readonly webhookSecrets: string;
  readonly deliveries: string;
  readonly auditLog: string;
  readonly auditLocks: string;
  readonly usage: string;
  readonly documents: string;
  readonly migrations: string;
}

// What PostgreSQL keeps of a name; a longer one would be cut without a word.
const MAX_NAME_BYTES = 63;

/** @throws {TypeError} where the name of the schema is none that PostgreSQL can have. */
export function tablesIn(schema: string): Tables {
  const isName = typeof schema === 'string' && schema !== '' && !schema.includes('\0');
  if (!isName || new TextEncoder().encode(schema).length > MAX_NAME_BYTES) {
    throw new TypeError(`schema must be a name of 1 to ${MAX_NAME_BYTES} bytes`);
  }
  const quoted = quotedName(schema);
  const table = (name: string): string => `${quoted}.bursar_${name}`;
  return {
    schema: quoted,
    businesses: table('businesses'),
    apiKeys: table('api_keys'),
    apiKeyDigests: table('api_key_digests'),
    payoutUsers: table('payout_users'),
    payoutUserDigests: table('payout_user_digests'),
    reissues: table('reissues'),
    accounts: table('accounts'),
    transfers: table('transfers'),
    expiringTransfers: table('expiring_transfers'),
    withdrawals: table('withdrawals'),
    withdrawalVersions: table('withdrawal_versions'),
    events: table('events'),
    webhookEndpoints: table('webhook_endpoints'),
    webhookSecrets: table('webhook_secrets'),
    deliveries: table('deliveries'),
    auditLog: table('audit_log'),
    auditLocks: table('audit_locks'),
    usage: table('usage'),
    documents: table('documents'),
    migrations: table('migrations'),
  };
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

import { shownName } from './database.js';
import type { DemoBusiness } from './demo.js';
import type { Settings } from './settings.js';

/** Where the servers listen, and what is shown once. */
export interface Started extends DemoBusiness {
  readonly origin: string;
  /** Signs the demo's owner in, once. */
  readonly dashboardUrl: string;
  readonly metricsPort: number;
}

/** Tells whoever started the example what to do next. */
export function welcome({ database, developmentSecret }: Settings, started: Started): void {
  const { origin, metricsPort, dashboardUrl, key, webhookSecret } = started;
  console.log(`Bursar's payout API listens on ${origin} and keeps everything in ${shownName(database)}`);
  console.log(`Its documentation is on ${origin}/docs, its metrics on http://127.0.0.1:${metricsPort}/metrics`);
  console.log(`Its dashboard opens with this link, once and within a quarter of an hour:\n\n  ${dashboardUrl}\n`);
  if (developmentSecret !== null) {
    console.log(`BURSAR_SECRET is not set: a development secret is used, kept in ${developmentSecret}`);
  }
  if (webhookSecret !== null) {
    console.log(`Webhooks go to BURSAR_WEBHOOK_URL, signed with this secret, shown once:\n\n  ${webhookSecret}\n`);
  }
  if (key === null) {
    console.log('The demo business has its key already, shown when it was made. To begin anew, delete the database.');
    return;
  }
  console.log(`\nThe demo business has $1,000.00 of payout balance, and this API key, shown once:\n\n  ${key}\n`);
  console.log('Create a payout user with $100.00, and get the payout hash:\n');
  console.log(`  curl ${origin}/payout/create -H "Authorization: Bearer ${key}" \\`);
  console.log(`    -H "Content-Type: application/json" -d '{"email":"user@example.com","amount":10000}'\n`);
  console.log(`With that hash, open the payout user's wallet in a browser:\n\n  ${origin}/wallet#<hash>\n`);
  console.log('Or withdraw $25.00 of it as a gift card from a provider that pays nobody:\n');
  console.log(`  curl ${origin}/payout/withdraw -H "X-Payout-Hash: <hash>" -H "Content-Type: application/json" \\`);
  console.log(
    `    -d '{"method":"gift_card","amount":2500,"destination":{"brand":"books","email":"user@example.com"}}'\n`,
  );
}

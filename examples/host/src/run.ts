import { createServer, type RequestListener, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createPayouts, type Payouts } from '@bursar/payouts';
import { openDatabase, shownName } from './database.js';
import { openDemoBusiness } from './demo.js';
import { listen } from './listen.js';
import { demoMethods } from './methods.js';
import { startSandbox } from './sandbox.js';
import { readSettings, type Settings } from './settings.js';
import { watch } from './watch.js';
import { WEBHOOKS, withWebhooks } from './webhooks.js';

/** What an example brings. */
export interface HostOptions {
  /** The example's folder for what is kept between two starts. */
  readonly folder: URL;
  /** Makes the server of the framework. */
  readonly listener: (payouts: Payouts) => RequestListener;
}

const SHUTDOWN_MS = 10_000;
const SANDBOX_SETTLES_MS = 3000;

/** Runs a payout API until SIGTERM or SIGINT. What is wrong is told in a sentence, and ends with 1. */
export async function runHost(options: HostOptions): Promise<void> {
  try {
    await start(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function start({ folder, listener }: HostOptions): Promise<void> {
  const settings = readSettings(process.env, fileURLToPath(folder));
  const storage = await openDatabase(settings.database);
  const sandbox = await startSandbox({ settleAfterMs: SANDBOX_SETTLES_MS });
  const watching = await watch(storage, settings);
  const payouts = createPayouts({ ...watching.options, secret: settings.secret, methods: demoMethods(sandbox) });
  const key = await openDemoBusiness(payouts);
  const server = createServer(withWebhooks(payouts, listener(payouts)));
  // The worker first, so that what a provider has answered is kept; then what it would ask, and last what it keeps it in.
  const end = async (): Promise<void> => {
    await payouts.close();
    await watching.close();
    await sandbox.close();
    await storage.close();
  };
  const open = async (): Promise<[port: number, metricsPort: number | null]> => [
    await listen(server, { port: settings.port, variable: 'PORT' }),
    await watching.begin(payouts),
  ];
  const [port, metricsPort] = await open().catch(async (error: unknown) => {
    server.close();
    await end();
    throw error;
  });
  sandbox.sendWebhooksTo(`http://127.0.0.1:${port}${WEBHOOKS}`);
  payouts.withdrawals.start();
  const stop = async (): Promise<void> => {
    await close(server);
    await end();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  welcome(settings, port, metricsPort, key);
}

/** Takes no new connection, and waits for the requests under way. */
function close(server: Server): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), SHUTDOWN_MS);
  // A connection that is kept alive becomes idle when its request has been answered, and nobody tells.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(deadline);
      clearInterval(idle);
      resolve();
    });
  });
}

function welcome(
  { database, developmentSecret }: Settings,
  port: number,
  metricsPort: number | null,
  key: string | null,
): void {
  const origin = `http://localhost:${port}`;
  console.log(`Bursar's payout API listens on ${origin} and keeps everything in ${shownName(database)}`);
  if (developmentSecret !== null) {
    console.log(`BURSAR_SECRET is not set: a development secret is used, kept in ${developmentSecret}`);
  }
  if (metricsPort !== null) console.log(`Metrics for Prometheus: http://127.0.0.1:${metricsPort}/metrics`);
  if (key === null) {
    console.log('The demo business has its key already, shown when it was made. To begin anew, delete the database.');
    return;
  }
  console.log(`\nThe demo business has $1,000.00 of payout balance, and this API key, shown once:\n\n  ${key}\n`);
  console.log('Create a payout user with $100.00, and get the payout hash:\n');
  console.log(`  curl ${origin}/payout/create -H "Authorization: Bearer ${key}" \\`);
  console.log(`    -H "Content-Type: application/json" -d '{"email":"user@example.com","amount":10000}'\n`);
  console.log('With that hash, withdraw $25.00 of it as a gift card from a provider that pays nobody:\n');
  console.log(`  curl ${origin}/payout/withdraw -H "X-Payout-Hash: <hash>" -H "Content-Type: application/json" \\`);
  console.log(
    `    -d '{"method":"gift_card","amount":2500,"destination":{"brand":"books","email":"user@example.com"}}'\n`,
  );
}

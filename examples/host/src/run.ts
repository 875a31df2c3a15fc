import { createServer, type RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Payouts, PayoutsOptions } from '@bursar/payouts';
import { makeServices } from './all-of-bursar.js';
import { openDatabase } from './database.js';
import { openDemoBusiness } from './demo.js';
import { close, listen } from './listen.js';
import { demoMethods } from './methods.js';
import { metricsServer } from './metrics.js';
import { startSandbox } from './sandbox.js';
import { readSettings } from './settings.js';
import { WEBHOOKS, withWebhooks } from './webhooks.js';
import { welcome } from './welcome.js';

/** What an example brings. */
export interface HostOptions {
  /** The example's folder for what is kept between two starts. */
  readonly folder: URL;
  /** Makes the server of the framework. */
  readonly listener: (payouts: Payouts) => RequestListener;
  /** Finds the client's address in the framework's own request. */
  readonly clientAddress: NonNullable<PayoutsOptions['clientAddress']>;
}

const SANDBOX_SETTLES_MS = 3000;

/** Runs a payout API until SIGTERM or SIGINT. What is wrong is told in a sentence, and ends with 1. */
export async function runHost(options: HostOptions): Promise<void> {
  // Last opened, first closed: the servers, what they serve, and then what that is kept in.
  const closing: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const greet = await start(options, closing);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
    // Last: whoever reads it may send a signal at once.
    greet();
  } catch (error) {
    await stop();
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function start(
  { folder, listener, clientAddress }: HostOptions,
  closing: (() => unknown)[],
): Promise<() => void> {
  const settings = readSettings(process.env, fileURLToPath(folder));
  const storage = await openDatabase(settings.database);
  closing.push(() => storage.close());
  const sandbox = await startSandbox({ settleAfterMs: SANDBOX_SETTLES_MS });
  closing.push(() => sandbox.close());
  const services = await makeServices({ storage, settings, methods: demoMethods(sandbox), clientAddress });
  closing.push(() => services.close());
  const demo = await openDemoBusiness(services, settings.webhookUrl);

  const { payouts, metrics } = services;
  const server = createServer(withWebhooks(payouts, listener(payouts)));
  const port = await listen(server, settings.port, 'PORT');
  closing.push(() => close(server));
  const scraped = metricsServer(metrics);
  const metricsPort = await listen(scraped, settings.metricsPort, 'BURSAR_METRICS_PORT', '127.0.0.1');
  closing.push(() => close(scraped));

  sandbox.sendWebhooksTo(`http://127.0.0.1:${port}${WEBHOOKS}`);
  services.start();
  return () => welcome(settings, { port, metricsPort, ...demo });
}

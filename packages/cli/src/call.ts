import { addressNetworks } from '@bursar/access';
import { createPayouts, type Payouts } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { Invocation } from './arguments.js';
import type { Call } from './command.js';
import { openDatabase } from './database.js';
import { CliError, given as checked } from './exit.js';
import type { Bar, Io } from './io.js';
import { databaseOf, environmentOf, secretsOf, shownName } from './settings.js';

const NO_BAR: Bar = { at: () => undefined, end: () => undefined };

/** What a command runs with, and how it is closed. */
export function callOf({ operands, given }: Invocation, io: Io): { call: Call; end(): Promise<void> } {
  const environment = environmentOf(io);
  const opened: { storage?: BursarStorage; payouts?: Payouts } = {};
  const text = (name: string): string | undefined => {
    const value = given[name];
    return typeof value === 'string' ? value : undefined;
  };
  const has = (name: string): boolean => given[name] === true;
  const database = (): string => databaseOf(text('database'), environment);
  const operator = text('operator') ?? io.user;

  async function storage({ migrate = false } = {}): Promise<BursarStorage> {
    opened.storage ??= await openDatabase(database(), io.directory, migrate);
    return opened.storage;
  }

  const call: Call = {
    operands,
    text,
    has,
    needed: (name) => text(name) ?? '',
    texts: (name) => (Array.isArray(given[name]) ? (given[name] as readonly string[]) : []),
    io,
    operator,
    storage,
    databaseName: () => shownName(database()),
    async payouts({ prefix } = {}) {
      const secrets = secretsOf(environment);
      const kept = await storage();
      const options = {
        storage: kept,
        // A key that may be used from some networks alone keeps that when it is rotated.
        networks: addressNetworks(),
        audit: true,
        onError: tellError(io),
        ...(prefix === undefined ? {} : { prefix }),
      };
      const made = await checked(() => createPayouts({ ...options, ...secrets }), 'unavailable');
      opened.payouts = made;
      return checked(() => made.as({ actorType: 'operator', actorId: operator }));
    },
    async confirm(what) {
      if (has('yes')) return;
      if (io.ask === null) throw new CliError('refused', `${what} This cannot be undone: confirm it with --yes.`);
      if (!(await io.ask(`${what} This cannot be undone. Go on?`)))
        throw new CliError('refused', 'Nothing was changed.');
    },
    bar: (title, total) => (has('json') ? NO_BAR : (io.bar?.(title, total) ?? NO_BAR)),
  };

  return {
    call,
    async end() {
      await opened.payouts?.close();
      await opened.storage?.close();
    },
  };
}

// Beside what was asked, such as an audit entry that could not be kept.
function tellError(io: Io): (error: unknown) => void {
  return (error) => io.tell(`A part of it failed: ${error instanceof Error ? error.message : 'an unknown error'}\n`);
}

import type { Command } from '../command.js';

/** Makes the tables. */
export const migrate: Command = {
  name: 'migrate',
  about: 'Makes the tables, or brings them up to date. What is in them stays. No other command does it.',
  operands: [],
  options: {},
  async run({ storage, databaseName }) {
    await (await storage({ migrate: true })).checkHealth();
    return { json: { database: databaseName() }, text: `The tables are up to date: ${databaseName()}\n` };
  },
};

import type { Payouts } from '@bursar/payouts';
import type { BursarStorage } from '@bursar/payouts/storage';
import type { Bar, Io } from './io.js';

/** An option of the command line, beside its name. */
export interface Option {
  /** What stands behind it, for the help: `<id>`. Without it, the option is a switch. */
  readonly value?: string;
  readonly about: string;
  readonly required?: boolean;
  /** May stand there more than once. */
  readonly multiple?: boolean;
}

/** What was given, by the name of the option. */
export type Given = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** What a command runs with. */
export interface Call {
  /** What stands behind the command's name, one each. */
  readonly operands: readonly string[];
  /** The value of an option that is required, or `undefined`. */
  text(name: string): string | undefined;
  /** The value of an option that is required. */
  needed(name: string): string;
  texts(name: string): readonly string[];
  has(name: string): boolean;
  readonly io: Io;
  /** Who is at work, for what is kept of it. */
  readonly operator: string;
  /** Opens the database. It is closed when the command is done. */
  storage(options?: { readonly migrate?: boolean }): Promise<BursarStorage>;
  /** The public operations, done by the operator; opens the database, and needs the secret. */
  payouts(options?: { readonly prefix?: string | undefined }): Promise<Payouts>;
  /** How the database may be called in front of others. */
  databaseName(): string;
  /** Goes on only where the operator has said yes. @throws {CliError} */
  confirm(what: string): Promise<void>;
  /** Shows how far a long work is. */
  bar(title: string, total: number): Bar;
}

/** What a command answers. */
export interface Answer {
  /** For programs: names in snake case, times in ISO 8601, as in the HTTP API. */
  readonly json: unknown;
  /** For people. */
  readonly text: string;
  /** @default 0 */
  readonly exitCode?: number;
}

/** One command. */
export interface Command {
  /** As it is typed: `key create`. */
  readonly name: string;
  readonly about: string;
  /** The names of its operands: `<id>`. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** `null` where it has written its results itself. */
  run(call: Call): Promise<Answer | null>;
}

/** The side that a command is about. */
export const BUSINESS: Option = { value: '<id>', about: 'the business; <id>_test is its test side', required: true };

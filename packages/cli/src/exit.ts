/** What a run ends with. */
export const EXIT = Object.freeze({
  ok: 0,
  /** The operation was refused, or not confirmed: nothing was changed. */
  refused: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The configuration is incomplete, or the database does not answer. Whether something was changed is not known. */
  unavailable: 3,
  /** A proof failed: the ledger or the audit log is not as it was written. */
  wrong: 4,
  /** A fault of this program. */
  fault: 70,
});

/** Ends the run with a sentence for the operator. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(outcome: Exclude<keyof typeof EXIT, 'ok'>, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = EXIT[outcome];
  }
}

/** Passes on what core says of a value that the operator has given: it names the rule. */
export async function given<Value>(
  run: () => Value | Promise<Value>,
  outcome: 'usage' | 'unavailable' = 'usage',
): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof TypeError ? new CliError(outcome, error.message, { cause: error }) : error;
  }
}

import { redact, redactText } from '@bursar/core';

/** The options of pino that {@link pinoOptions} has. */
export interface PinoOptions {
  readonly redact: { readonly paths: string[]; readonly censor: string };
  readonly hooks: { streamWrite(line: string): string };
}

const CREDENTIALS = ['authorization', '["x-payout-hash"]', 'payout_hash', '["webhook-signature"]'];

/** The path of a member, with or without a dot as its form asks for. */
const within = (parent: string, member: string): string =>
  member[0] === '[' ? parent + member : `${parent}.${member}`;

/**
 * Options that keep credentials out of every line of a pino logger, also of what other parts of the host log with it: fields
 * that hold one by their name, and then, in the finished line, whatever has the form of one, in a URL or an error too.
 *
 * @example
 * const logger = pino({ level: 'info', ...pinoOptions });
 */
export const pinoOptions: PinoOptions = {
  redact: {
    paths: CREDENTIALS.flatMap((member) => [
      member,
      ...['*', 'headers', '*.headers', 'req.headers', 'req.query', 'req.body'].map((parent) => within(parent, member)),
    ]),
    censor: '[redacted]',
  },
  hooks: { streamWrite: cleanLine },
};

// As the value that it stands for, not as text: text that is cut out of a line may take the end of a string with it.
function cleanLine(line: string): string {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return redactText(line);
  }
  return `${JSON.stringify(redact(fields))}\n`;
}

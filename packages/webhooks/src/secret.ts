import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
// The specification allows 24 to 64.
const SECRET_BYTES = 32;

/** A signing secret: `whsec_` and 32 random bytes in base64. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64');
}

/** What a message is signed for. */
export interface SignedMessage {
  /** The event's id, the same at each retry. Without a dot. */
  readonly id: string;
  /** The time of this attempt, in whole seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The signature of a message with each secret: `v1,<base64>`, with blanks between them.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function signatures(secrets: readonly string[], { id, timestamp, body }: SignedMessage): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}

import { BursarClientError, type ClientError } from './errors.js';

/** What became of a call. Nothing is thrown for a refusal, a lost connection or an abort; a wrong argument throws. */
export type Result<Value> =
  | {
      readonly ok: true;
      /** Whether this is the answer to an earlier request with the same idempotency key. */
      readonly replayed: boolean;
      readonly value: Value;
    }
  | { readonly ok: false; readonly error: ClientError };

/** The value of a result, for code that prefers exceptions. @throws {BursarClientError} with the error inside. */
export function orThrow<Value>(result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new BursarClientError(result.error);
}

import { type Auth, StorageUnavailableError } from '@bursar/core';

/** Faults that `onError` was told of, each with what the framework gets for it. */
const faults = new WeakMap<object, Error>();

/** What to hand to the framework for a fault of ours. `onError` is told of it, once. */
export function faultOf(auth: Auth, error: unknown): Error {
  const cause = error instanceof Error ? error : new Error('a value that is no error was thrown', { cause: error });
  const known = faults.get(cause);
  if (known !== undefined) return known;
  auth.context.onError(error);
  const fault = cause instanceof StorageUnavailableError ? cause : internal(cause);
  faults.set(cause, fault);
  faults.set(fault, fault);
  return fault;
}

/** Whether something that was thrown is for Bursar to answer: by one of its guards, or because storage is away. */
export function isFault(error: unknown): boolean {
  return error instanceof StorageUnavailableError || (error instanceof Error && faults.has(error));
}

// Some frameworks show the message, or the stack, of an error that nobody handles to the client.
function internal(cause: Error): Error {
  const fault = new Error('Internal server error', { cause });
  fault.stack = `${fault.name}: ${fault.message}`;
  return fault;
}

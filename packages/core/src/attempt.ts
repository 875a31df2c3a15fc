import { isPromise } from './chain.js';

/**
 * Calls a hook that nothing waits for; whatever it throws goes to `onFault`. It may be asynchronous all the same, and a
 * rejection that nobody handles would end the process.
 */
export function attempt(hook: () => unknown, onFault: (error: unknown) => void): void {
  try {
    const answer = hook();
    if (isPromise(answer)) Promise.resolve(answer).catch(onFault);
  } catch (error) {
    onFault(error);
  }
}

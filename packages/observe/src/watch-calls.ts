import { isPromise } from '@bursar/core';

/** Sees one call to storage: runs it, and answers as it does. */
export type Around = <Answer>(call: string, inputs: readonly unknown[], run: () => Answer) => Answer;

/** How a call ended. */
export type Ended = { readonly ok: true; readonly answer: unknown } | { readonly ok: false; readonly error: unknown };

type Method = (...inputs: unknown[]) => unknown;

/** The same storage, each call of which is seen. What is no function is as it was. */
export function watchCalls<Storage extends object>(storage: Storage, around: Around): Storage {
  const seen = new Map<PropertyKey, Method>();
  // Not of the storage itself: of one that is frozen, a proxy may not change the members.
  return new Proxy(Object.create(storage) as Storage, {
    get(_, name) {
      const member: unknown = Reflect.get(storage, name);
      if (typeof member !== 'function') return member;
      const known = seen.get(name);
      if (known !== undefined) return known;
      const method: Method = (...inputs) =>
        around(String(name), inputs, () => Reflect.apply(member, storage, inputs) as unknown);
      seen.set(name, method);
      return method;
    },
  });
}

/**
 * Runs something, and tells how it ended; a promise when it settles. Answers, or throws, as it does: a fault of whoever is
 * told must not make money that has moved look as if it had not.
 */
export function ending<Answer>(run: () => Answer, ended: (how: Ended) => void): Answer {
  const tell = (how: Ended): void => {
    try {
      ended(how);
    } catch {
      // Nothing here depends on it.
    }
  };
  const failed = (error: unknown): never => {
    tell({ ok: false, error });
    throw error;
  };
  const done = <Value>(answer: Value): Value => {
    tell({ ok: true, answer });
    return answer;
  };
  let answer: Answer;
  try {
    answer = run();
  } catch (error) {
    return failed(error);
  }
  // What is answered is the promise that was listened to: a query that runs when it is waited for runs once.
  return isPromise(answer) ? (Promise.resolve(answer).then(done, failed) as Answer) : done(answer);
}

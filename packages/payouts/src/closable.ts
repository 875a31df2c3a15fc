import type { BursarStorage } from './storage.js';

type Method = (...parameters: never[]) => unknown;

/**
 * Adds `close()` to a storage: calls that come later throw; those that are under way are finished before `end` runs.
 *
 * @param name For the message of a later call: `this SQLite storage is closed: …`.
 */
export function closable(
  name: string,
  storage: Omit<BursarStorage, 'close'>,
  end: () => void = () => undefined,
): BursarStorage {
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  const guarded = (method: Method): Method => {
    return (...parameters) => {
      if (closed) throw new Error(`this ${name} storage is closed: open it again to go on`);
      const answer = method(...parameters);
      if (answer instanceof Promise) follow(answer);
      return answer;
    };
  };
  const follow = (answer: Promise<unknown>): void => {
    const done = (): void => {
      underWay.delete(answer);
    };
    underWay.add(answer);
    answer.then(done, done);
  };
  const methods = Object.entries(storage).map(([name, method]) => [name, guarded(method)] as const);
  return {
    ...(Object.fromEntries(methods) as unknown as Omit<BursarStorage, 'close'>),
    close() {
      if (closed) return;
      closed = true;
      if (underWay.size === 0) return end();
      return Promise.allSettled(underWay).then(end);
    },
  };
}

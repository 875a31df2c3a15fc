import type { BursarStorage, LedgerItem } from '../src/storage.js';

/** How a call fails, if it does. */
export type Fault =
  | 'none'
  /** Nothing was done. */
  | 'before'
  /** It was done, and the answer is lost. */
  | 'after'
  /** A part of a batch was done, and the answer is lost. */
  | 'part'
  /** It is done twice, as by a network that repeats. */
  | 'twice'
  /** The answer takes its time. */
  | 'late';

/** Decides what becomes of a call. */
export type ChooseFault = (method: string) => Fault;

/** A storage that fails on demand, around one that works. Once `kill`ed it does nothing more, as for a process that died. */
export interface FaultyStorage {
  readonly storage: BursarStorage;
  kill(): void;
}

export function faultyStorage(inner: BursarStorage, choose: ChooseFault): FaultyStorage {
  let dead = false;
  const call = async (name: string, inputs: unknown[], run: (...given: unknown[]) => unknown): Promise<unknown> => {
    if (dead) throw new Error('this process is dead');
    switch (choose(name)) {
      case 'before':
        throw lost(false);
      case 'after':
        await run(...inputs);
        throw lost(true);
      case 'part': {
        const [items] = inputs;
        if (name === 'applyTransfers') await run((items as LedgerItem[]).slice(0, (items as LedgerItem[]).length / 2));
        throw lost(true);
      }
      case 'twice':
        await run(...inputs);
        return run(...inputs);
      case 'late': {
        const answer = await run(...inputs);
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
        return answer;
      }
      case 'none':
        return run(...inputs);
    }
  };
  const storage = new Proxy(inner, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || typeof name !== 'string') return method;
      return (...inputs: unknown[]) =>
        call(name, inputs, (...given) => Reflect.apply(method, target, given) as unknown);
    },
  });
  return {
    storage,
    kill() {
      dead = true;
    },
  };
}

function lost(retryable: boolean): Error {
  return Object.assign(new Error('the connection was lost'), { retryable });
}

/** Tells the worker of this process that there is something to do now. */
export interface Wake {
  wake(): void;
  /** @returns a function that ends it */
  onWake(listener: () => void): () => void;
}

/** Makes a {@link Wake} that nobody listens to yet. */
export function wakeUp(): Wake {
  const listeners = new Set<() => void>();
  return {
    wake() {
      for (const listener of listeners) listener();
    },
    onWake(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

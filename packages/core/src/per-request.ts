import type { RequestView } from './request.js';

/** What is remembered of a request while it lasts. */
export interface PerRequest<Value> {
  get(request: RequestView): Value | undefined;
  set(request: RequestView, value: Value): void;
}

/**
 * Remembers something by the identity of a request: in a property of that object, under a symbol of its own. A WeakMap, for
 * an identity that cannot be extended, costs up to a microsecond more a request.
 */
export function perRequest<Value>(description: string): PerRequest<Value> {
  const property = Symbol(description);
  const frozen = new WeakMap<object, Value>();
  type Carrier = { [property]?: Value };
  return {
    get({ identity }) {
      return (identity as Carrier)[property] ?? frozen.get(identity);
    },
    set({ identity }, value) {
      if (Object.isExtensible(identity)) (identity as Carrier)[property] = value;
      else frozen.set(identity, value);
    },
  };
}

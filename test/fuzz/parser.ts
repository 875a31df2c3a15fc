import type { Random } from './mutate.js';

/** What is wrong with how an input was taken; `undefined` where nothing is. */
export type Problem = string | undefined;

/** A problem, or what finds one. */
export type Check = Problem | (() => Problem);

/** Something that reads what comes from outside. */
export interface Parser<Input> {
  /** Makes an input: mostly nearly valid, so that it gets far. */
  make(random: Random): Input;
  /**
   * Has it read. It may refuse, as its documentation says it does; whatever else it throws is a fault. A check that takes a
   * time of its own is answered as a function: it is not the parser's time.
   */
  parse(input: Input): Check | Promise<Check>;
}

/** A parser by name, which is set up anew now and then, so that what its inputs leave behind does not add up. */
export interface NamedParser {
  readonly name: string;
  open(): Parser<unknown> | Promise<Parser<unknown>>;
}

/** Names a parser, and forgets what its inputs are: they come from itself alone. */
export function parser<Input>(name: string, open: () => Parser<Input> | Promise<Parser<Input>>): NamedParser {
  return { name, open: open as NamedParser['open'] };
}

/** Calls what refuses by throwing an error of this class; anything else that it throws goes on. */
export function refusing<Value>(
  refusal: new (...inputs: never[]) => Error,
  call: () => Value,
): { readonly value: Value } | { readonly refused: string } {
  try {
    return { value: call() };
  } catch (error) {
    if (error instanceof refusal && error.constructor === refusal) return { refused: error.message };
    throw error;
  }
}

import type { Field, FieldGroup } from './fields.js';
import type { MessageKey } from './messages/messages.js';

/** What was typed, by the path of its field; `amount` among them. A box that is ticked is `true`. */
export type Typed = Readonly<Record<string, string>>;

/** What is wrong with a field: a sentence of ours, or the server's own words. */
export type Problem =
  | { readonly key: MessageKey; readonly values?: Readonly<Record<string, string>> }
  | { readonly text: string };

/** By the path of the field. */
export type Problems = Readonly<Record<string, Problem>>;

/** What is in the field: what was typed, or what was there at first. */
export function typedInto({ path, initial }: Field, typed: Typed): string {
  return typed[path] ?? initial;
}

/** What a person can put right before it is sent; the server has the last word. */
export function problemsOf(groups: readonly FieldGroup[], typed: Typed): Problems {
  const problems: Record<string, Problem> = {};
  for (const { fields } of groups) {
    const isLeftOut = fields.every((field) => !field.required && typedInto(field, typed).trim() === '');
    for (const field of isLeftOut ? [] : fields) {
      const problem = problemOf(field, typedInto(field, typed).trim());
      if (problem !== undefined) problems[field.path] = problem;
    }
  }
  return problems;
}

function problemOf(field: Field, value: string): Problem | undefined {
  if (value === '')
    return field.required && !field.nullable && field.kind !== 'yes_no' ? { key: 'required' } : undefined;
  switch (field.kind) {
    case 'number':
    case 'integer':
      return numberProblem(field, value);
    case 'choice':
    case 'yes_no':
      return undefined;
    default:
      return textProblem(field, value);
  }
}

function numberProblem({ kind, minimum, maximum }: Field, value: string): Problem | undefined {
  const number = Number(value);
  if (!/^-?\d+(\.\d+)?$/.test(value) || (kind === 'integer' && !Number.isSafeInteger(number)))
    return { key: 'wrongNumber' };
  if (number < minimum) return { key: 'tooLow', values: { minimum: String(minimum) } };
  return number > maximum ? { key: 'tooHigh', values: { maximum: String(maximum) } } : undefined;
}

function textProblem({ kind, minLength, maxLength, pattern }: Field, value: string): Problem | undefined {
  if (value.length > maxLength) return { key: 'tooLong', values: { count: String(maxLength) } };
  if (value.length < minLength) return { key: 'tooShort', values: { count: String(minLength) } };
  // An address in letters of any script: what the method makes of it, its server says.
  if (kind === 'email' && !/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value)) return { key: 'wrongEmail' };
  return pattern === null || pattern.test(value) ? undefined : { key: kind === 'email' ? 'wrongEmail' : 'wrongForm' };
}

/** The destination as the API wants it. What is empty and need not be there is left out. */
export function destinationOf(groups: readonly FieldGroup[], typed: Typed): Record<string, unknown> {
  const destination: Record<string, unknown> = {};
  for (const field of groups.flatMap(({ fields }) => fields)) {
    const value = memberOf(field, typedInto(field, typed).trim());
    if (value === undefined) continue;
    const [name, inner] = field.names;
    if (inner === undefined) {
      set(destination, name, value);
    } else {
      if (!Object.hasOwn(destination, name)) set(destination, name, {});
      set(destination[name] as Record<string, unknown>, inner, value);
    }
  }
  return destination;
}

// Not by assignment: that of `__proto__` would set no member.
function set(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function memberOf({ kind, choices, required, nullable }: Field, value: string): unknown {
  if (kind === 'yes_no') return value === 'true' ? true : required ? false : undefined;
  if (value === '') return nullable ? null : undefined;
  if (kind === 'choice') return choices.find((choice) => String(choice) === value);
  return kind === 'number' || kind === 'integer' ? Number(value) : value;
}

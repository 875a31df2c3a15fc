import { type BursarErrorOf, invalidFields, redactText } from '@bursar/core';
import type * as z from 'zod';
import type { CheckedMethod } from './methods.js';
import type { Destination } from './seal.js';

/** A destination, checked by its method's schema. */
export type CheckedDestination =
  | { readonly ok: true; readonly value: Destination }
  | { readonly ok: false; readonly error: BursarErrorOf<'invalid_fields'> };

/** Checks a destination; says for each field that breaks a rule which one, as `destination.<field>`. */
export async function checkDestination(
  { method: { schema } }: CheckedMethod,
  destination: Destination,
): Promise<CheckedDestination> {
  const parsed = await schema.safeParseAsync(destination);
  if (parsed.success) return { ok: true, value: parsed.data };
  const messages = new Map<string, string[]>();
  for (const issue of parsed.error.issues) {
    for (const [field, message] of problems(issue, destination))
      messages.set(field, [...(messages.get(field) ?? []), message]);
  }
  return { ok: false, error: invalidFields(Object.fromEntries(messages)) };
}

function problems(issue: z.core.$ZodIssue, destination: Destination): (readonly [string, string])[] {
  const field = ['destination', ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .map((key) => `${field}.${redactText(key)}`)
      .map((name) => [name, `The ${name} field is not known.`]);
  }
  const isMissing = issue.code === 'invalid_type' && at(destination, issue.path) === undefined;
  return [[field, isMissing ? `The ${field} field is required.` : issue.message]];
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, name) => {
    const isInside = typeof part === 'object' && part !== null && Object.hasOwn(part, name);
    return isInside ? (part as Record<PropertyKey, unknown>)[name] : undefined;
  }, value);
}

/**
 * The fields that come from outside, and what a client is told of one that breaks its rule.
 *
 * @module
 */
import { type BursarErrorOf, invalidFields, invalidIdempotencyKey, normalizeEmail, redactText } from '@bursar/core';
import * as z from 'zod';
import { MAX_AMOUNT } from './cents.js';
import { hasOddLength } from './odd-length.js';

const MAX_TEXT = 255;
const MAX_EMAIL = 255;
const MAX_METADATA = 20;
const MAX_METADATA_VALUE = 500;

// No control character and no half of a pair: what one storage keeps of those is not what another does.
const CLEAN = /^[^\p{Cc}\p{Cs}]*$/u;
// The first character keeps `__proto__` out.
const METADATA_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;

// RFC 5321 with RFC 6531: letters of any script. Quoted local parts and address literals are refused, and so is what
// cannot be seen (controls, blanks, marks of direction, fillers): two addresses must not look the same for that.
const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;
const LOCAL = /^[^"(),.:;<>@[\\\]]+(?:\.[^"(),.:;<>@[\\\]]+)*$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u;
const MAX_LOCAL_BYTES = 64;

const required = (field: string): string => `The ${field} field is required.`;

/** Checks for an absent value first: a client is told of that, and of nothing else. */
const typed =
  (field: string, rule: string) =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined || input === null ? required(field) : `The ${field} must be ${rule}.`;

/** Any text, checked by a rule of its own. */
const text = (field: string, max: number): z.ZodString =>
  z
    .string({ error: typed(field, 'a string') })
    .max(max, `The ${field} may not be greater than ${max} characters.`)
    .regex(CLEAN, `The ${field} may not contain control characters or lone surrogates.`);

/** The address of a payout user, as it was given. */
export const email = z
  .string({ error: typed('email', 'a string') })
  .check((context) => {
    const problem = emailProblem(context.value);
    if (problem !== undefined) context.issues.push({ code: 'custom', message: problem, input: context.value });
  })
  .meta({
    format: 'idn-email',
    description: `The address of a payout user; at most ${MAX_EMAIL} characters after trimming, NFC and lower case.`,
    examples: ['ada@example.com'],
  });

function emailProblem(given: string): string | undefined {
  if (given.trim() === '') return required('email');
  const invalid = 'The email must be a valid email address.';
  // Normalising costs more than the length: a body is larger than any address.
  if (given.length > 4 * MAX_EMAIL || !CLEAN.test(given)) return invalid;
  const normalized = normalizeEmail(given);
  if (normalized.length > MAX_EMAIL) return `The email may not be greater than ${MAX_EMAIL} characters.`;
  const at = normalized.lastIndexOf('@');
  const local = normalized.slice(0, at);
  const labels = normalized.slice(at + 1).split('.');
  const isAddress =
    at > 0 &&
    !UNSEEN.test(normalized) &&
    LOCAL.test(local) &&
    new TextEncoder().encode(local).length <= MAX_LOCAL_BYTES &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label));
  return isAddress ? undefined : invalid;
}

/** How much one request moves, in the smallest unit of the currency. */
export const amount = z
  .int({ error: typed('amount', 'an integer') })
  .min(1, 'The amount must be at least 1.')
  .max(MAX_AMOUNT, `The amount may not be greater than ${MAX_AMOUNT}.`)
  .meta({ description: 'An integer of the smallest unit of the currency.', examples: [10_000] });

/** The business's own word for a payment; comes back in operations. */
export const reference = text('reference', MAX_TEXT)
  .min(1, 'The reference must be at least 1 character.')
  .meta({ description: "The business's own word for it; comes back in operations.", examples: ['June'] })
  .nullish();

/** The business's own notes on a payment; come back in operations. */
// Not a zod record: that drops a member called __proto__ without a word.
export const metadata = z
  .custom<Readonly<Record<string, string>>>((value) => isMetadata(value), {
    error: `The metadata must be an object of at most ${MAX_METADATA} texts of at most ${MAX_METADATA_VALUE} characters, with names of 1 to 40 characters of A-Z, a-z, 0-9, "_", "." and "-".`,
  })
  .meta({
    type: 'object',
    maxProperties: MAX_METADATA,
    propertyNames: { pattern: METADATA_NAME.source },
    additionalProperties: { type: 'string', maxLength: MAX_METADATA_VALUE, pattern: CLEAN.source },
    description: "The business's own notes; come back in operations.",
    examples: [{ order: '17' }],
  })
  .nullish();

function isMetadata(value: unknown): boolean {
  // No array, and no Map either: it has no members that could be kept.
  if (Object.prototype.toString.call(value) !== '[object Object]') return false;
  const entries = Object.entries(value as object);
  return (
    entries.length <= MAX_METADATA &&
    entries.every(
      ([name, note]) =>
        METADATA_NAME.test(name) && typeof note === 'string' && note.length <= MAX_METADATA_VALUE && CLEAN.test(note),
    )
  );
}

/** Whether this may be the id of something: storage is not asked for what no id can be, which might fail it (a NUL). */
export function isId(text: string): boolean {
  return /^[\x21-\x7e]{1,255}$/.test(text);
}

/** The fields of one body: no others are let in. */
export function fieldsOf<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, 'The body must be a JSON object.');
}

// Printable ASCII, as a structured field's string has it (RFC 9651, section 3.3.3).
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

/** What {@link checkFields} answers. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: BursarErrorOf<'invalid_fields' | 'invalid_idempotency_key'> };

/** Checks an idempotency key, then fields against a strict object; says for each that breaks a rule which one. */
export function checkFields<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
  fields: unknown,
  idempotencyKey?: string,
): Checked<z.output<z.ZodObject<Shape, z.core.$strict>>> {
  // A caller without types may give null: as the text "null" it would be the key of every such call.
  if (idempotencyKey !== undefined && !(typeof idempotencyKey === 'string' && IDEMPOTENCY_KEY.test(idempotencyKey))) {
    return { ok: false, error: invalidIdempotencyKey() };
  }
  const odd = Object.entries(fields ?? {}).filter(([, value]) => hasOddLength(value));
  if (odd.length > 0) return { ok: false, error: oddLengths(odd.map(([name]) => redactText(name))) };
  const parsed = schema.safeParse(fields);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: fieldErrors(parsed.error.issues) };
}

function oddLengths(names: readonly string[]): BursarErrorOf<'invalid_fields'> {
  const message = (name: string) => `The ${name} may not have a length within it that is no number.`;
  return invalidFields(Object.fromEntries(names.map((name) => [name, [message(name)]])));
}

function fieldErrors(issues: readonly z.core.$ZodIssue[]): BursarErrorOf<'invalid_fields'> {
  const messages = new Map<string, string[]>();
  for (const issue of issues) {
    const unknown = issue.code === 'unrecognized_keys';
    // A name that nobody knows may be anything, a credential too.
    const names = unknown ? issue.keys.map(redactText) : [String(issue.path[0] ?? 'body')];
    for (const name of names) {
      const message = unknown ? `The ${name} field is not known.` : issue.message;
      messages.set(name, [...(messages.get(name) ?? []), message]);
    }
  }
  // `fromEntries` defines what it is given: a field that is called __proto__ is a field like any other.
  return invalidFields(Object.fromEntries(messages));
}

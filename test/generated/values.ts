/** Values from a JSON Schema: those that it lets in, those that it nearly does, and hostile ones. */
import type { Chances } from './chances.js';

/** A schema as the document has it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxProperties?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

/** The fields that mean something to the server: what it knows comes from a pool. `undefined` leaves it to the schema. */
export type Known = (name: string) => unknown;

const WORDS = [
  'June',
  'a',
  'été',
  '漢字',
  '😀',
  'x'.repeat(255),
  "Robert'); DROP TABLE",
  '<script>',
  '..',
  '0',
] as const;

/** A value that the schema lets in. */
export function valid(schema: Schema, chances: Chances, known: Known = () => undefined): unknown {
  if ('const' in schema) return schema.const;
  if (schema.enum !== undefined) return chances.any(schema.enum);
  if (schema.anyOf !== undefined) return valid(chances.any(schema.anyOf) ?? {}, chances, known);
  switch (schema.type) {
    case 'integer':
      return integer(schema, chances);
    case 'string':
      return text(schema, chances);
    case 'object':
      return object(schema, chances, known);
    default:
      return null;
  }
}

function integer({ minimum = 0, maximum = 1000 }: Schema, chances: Chances): number {
  if (chances.percent(5)) return chances.one([minimum, maximum]);
  // Mostly small: a balance has to last.
  return chances.between(minimum, Math.min(maximum, minimum + 500));
}

function text({ format, minLength = 0, maxLength = 255 }: Schema, chances: Chances): string {
  if (format === 'date-time') return chances.one(['2099-01-01T00:00:00Z', '2098-06-30T12:00:00.5+02:00']);
  if (format === 'email' || format === 'idn-email') return `user${chances.between(1, 40)}@example.com`;
  return chances.one(WORDS).slice(0, maxLength).padEnd(minLength, 'x');
}

function object(schema: Schema, chances: Chances, known: Known): Record<string, unknown> {
  const { properties = {}, required = [], additionalProperties, maxProperties = 3 } = schema;
  const fields = Object.entries(properties)
    .filter(([name]) => required.includes(name) || chances.percent(40))
    .map(([name, property]) => [name, known(name) ?? valid(property, chances, known)] as const);
  if (typeof additionalProperties !== 'object') return Object.fromEntries(fields);
  const more = Array.from({ length: chances.between(0, Math.min(3, maxProperties)) }, (_, at) => [
    `note-${at}`,
    valid(additionalProperties, chances),
  ]);
  return Object.fromEntries([...fields, ...more]);
}

const WRONG = [
  null,
  true,
  -1,
  0,
  0.5,
  1e21,
  9_007_199_254_740_992,
  '',
  ' ',
  '1',
  'null',
  'x'.repeat(600),
  'a\u0000b',
  '\ud800',
  '\u202euser@example.com',
  [],
  [1],
  {},
  { toString: 'x' },
  { $ne: null },
] as const;

/** An object that is wrong in one place, or only looks so. */
export function nearlyValid(fields: object, chances: Chances): unknown {
  const entries = Object.entries(fields);
  const at = chances.between(0, Math.max(0, entries.length - 1));
  const [name = 'amount'] = entries[at] ?? [];
  const others = entries.filter((_, index) => index !== at);
  return Object.fromEntries([
    ...others,
    ...chances.one([
      [],
      [[name, chances.one(WRONG)] as const],
      [...entries.slice(at, at + 1), ['unknown', 1] as const],
      [...entries.slice(at, at + 1), ['payout_hash', chances.one(WRONG)] as const],
      [...entries.slice(at, at + 1), ['__proto__', { amount: 1 }] as const],
      [[`${name} `, chances.one(WRONG)] as const],
    ]),
  ]);
}

const DEPTH = 5000;

/** What is no body of ours at all. */
export function hostileBody(chances: Chances): string | Uint8Array {
  return chances.one([
    '',
    'null',
    '[]',
    '"text"',
    '{',
    '{"amount":1,"amount":2}',
    '{"amount":01}',
    '{"amount":NaN}',
    "{'amount':1}",
    'amount=1',
    `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
    `{"metadata":${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}}`,
    `{"reference":"${'x'.repeat(70_000)}"}`,
    '\ufeff{"amount":1}',
    '{"amount":1}\u0000',
    Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d),
    Uint8Array.of(0xc3, 0x28),
  ]);
}

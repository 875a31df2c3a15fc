/**
 * The fields of a form, made from the JSON Schema of a method's destination (2020-12, as zod writes it).
 *
 * @module
 */

/** What is typed into a field. */
export type FieldKind = 'text' | 'email' | 'tel' | 'url' | 'date' | 'number' | 'integer' | 'choice' | 'yes_no';

/** One field. */
export interface Field {
  /** As the API names it in its refusals: `destination.address.city`. */
  readonly path: string;
  /** The names that lead to it within the destination: one, or two for a field of a group. */
  readonly names: readonly [string, string?];
  readonly label: string;
  readonly hint: string | null;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** Whether "nothing" is said as `null`, where it has to be said. */
  readonly nullable: boolean;
  /** What can be chosen; empty for every other kind. */
  readonly choices: readonly (string | number)[];
  /** What is there at first. */
  readonly initial: string;
  readonly minLength: number;
  readonly maxLength: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly pattern: RegExp | null;
}

/** Fields under one heading; those of the destination itself have none. */
export interface FieldGroup {
  readonly label: string | null;
  readonly fields: readonly Field[];
}

type Schema = Readonly<Record<string, unknown>>;

/** More would be another form than one for a person. */
const MAX_FIELDS = 100;

/**
 * The fields of a destination, those of an object within it as a group; `null` where something that is required cannot be
 * asked for here: a list, a deeper object, one of several forms.
 */
export function fieldsOf(destination: Schema): readonly FieldGroup[] | null {
  const own: Field[] = [];
  const groups: FieldGroup[] = [];
  for (const [name, schema, required] of propertiesOf(destination)) {
    if (schema.type === 'object') {
      const fields = propertiesOf(schema).map(([inner, part, needed]) =>
        fieldOf([name, inner], part, required && needed),
      );
      if (required && fields.some((field) => field === 'needed')) return null;
      groups.push({ label: labelOf(name, schema), fields: fields.filter((field) => typeof field === 'object') });
    } else {
      const field = fieldOf([name], schema, required);
      if (field === 'needed') return null;
      if (typeof field === 'object') own.push(field);
    }
  }
  const all = [{ label: null, fields: own }, ...groups].filter(({ fields }) => fields.length > 0);
  return all.reduce((count, { fields }) => count + fields.length, 0) > MAX_FIELDS ? null : all;
}

function propertiesOf({ properties, required }: Schema): [string, Schema, boolean][] {
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(isSchema(properties) ? properties : {}).map(([name, schema]) => [
    name,
    isSchema(schema) ? schema : {},
    needed.has(name),
  ]);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `needed`: it has to be there, and cannot be asked for; `left_out`: it cannot be asked for, and need not be. */
function fieldOf(names: Field['names'], schema: Schema, required: boolean): Field | 'needed' | 'left_out' {
  const { title, description, format, pattern, type } = schema;
  const choices = choicesOf(schema);
  const types = (Array.isArray(type) ? type : [type ?? 'string']).filter((one) => one !== 'null');
  const kind = choices.length > 0 ? 'choice' : types.length === 1 ? kindOf(types[0], format) : undefined;
  const fallback = schema.default;
  if (kind === undefined) return required && fallback === undefined ? 'needed' : 'left_out';
  return {
    path: `destination.${names.join('.')}`,
    names,
    label: labelOf(names[1] ?? names[0], { title }),
    hint: typeof description === 'string' ? description : null,
    kind,
    required: required && fallback === undefined,
    nullable: required && Array.isArray(type) && type.includes('null'),
    choices,
    initial: fallback === undefined ? (choices.length === 1 && required ? String(choices[0]) : '') : String(fallback),
    minLength: numberOf(schema.minLength, 0),
    maxLength: numberOf(schema.maxLength, Number.POSITIVE_INFINITY),
    minimum: numberOf(schema.minimum, Number.NEGATIVE_INFINITY),
    maximum: numberOf(schema.maximum, Number.POSITIVE_INFINITY),
    pattern: typeof pattern === 'string' ? patternOf(pattern) : null,
  };
}

function choicesOf({ enum: values, const: only }: Schema): readonly (string | number)[] {
  const all: unknown[] = Array.isArray(values) ? values : only === undefined ? [] : [only];
  return all.filter((value) => typeof value === 'string' || typeof value === 'number');
}

const FORMATS: Readonly<Record<string, FieldKind>> = { email: 'email', e164: 'tel', uri: 'url', date: 'date' };

function kindOf(type: unknown, format: unknown): FieldKind | undefined {
  if (type === 'string') return (typeof format === 'string' ? FORMATS[format] : undefined) ?? 'text';
  if (type === 'number' || type === 'integer') return type;
  return type === 'boolean' ? 'yes_no' : undefined;
}

function numberOf(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

function patternOf(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    // Of another dialect: the server will say what is wrong.
    return null;
  }
}

const CAPITALS = new Set(['iban', 'bic', 'id', 'url', 'swift', 'vat', 'zip']);

function labelOf(name: string, { title }: Schema): string {
  return typeof title === 'string' && title.trim() !== '' ? title : humanized(name);
}

/** `account_holder` and `accountHolder` are "Account holder". */
export function humanized(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .map((word) => (CAPITALS.has(word.toLowerCase()) ? word.toUpperCase() : word.toLowerCase()));
  const text = words.join(' ').trim();
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

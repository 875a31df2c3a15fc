import * as z from 'zod';
import { answerSchemas } from '../answers.js';
import type { JsonObject } from './json-object.js';

type Emitted = Record<string, unknown>;

// OpenAPI says the dialect once for the whole document, and a format says more to a reader than its pattern.
function tidy({ jsonSchema }: { readonly jsonSchema: Emitted }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

const without$ = ({ $schema: _, $id: __, ...schema }: Emitted): JsonObject => schema;

const reference = (name: string): string => `#/components/schemas/${name}`;

/** The named schemas of the answers. */
export function answerComponents(): Readonly<Record<string, JsonObject>> {
  const { schemas } = z.toJSONSchema(answerSchemas, { uri: reference, override: tidy });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, without$(schema as Emitted)]));
}

/** A reference to the named schema of an answer. */
export function answerReference(answer: z.ZodType): JsonObject {
  const name = answerSchemas.get(answer)?.id;
  if (name === undefined) throw new Error('an answer of a route has no name in answers.ts');
  return { $ref: reference(name) };
}

/** What is sent: the body of a request, or a parameter. */
export function inputSchema(schema: z.ZodType): JsonObject {
  return without$(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: tidy }) as Emitted);
}

/** A value that a schema lets in, from the examples of its parts. */
export function exampleOf(schema: JsonObject, named: Readonly<Record<string, JsonObject>> = {}): unknown {
  const { $ref, examples, enum: one, anyOf, type, properties = {}, items } = schema;
  if (typeof $ref === 'string') return exampleOf(named[$ref.slice(reference('').length)] ?? {}, named);
  if (Array.isArray(examples)) return examples[0] as unknown;
  if (Array.isArray(one)) return one[0] as unknown;
  if ('const' in schema) return schema.const;
  if (Array.isArray(anyOf)) return exampleOf(anyOf[0] as JsonObject, named);
  if (Array.isArray(type)) return null;
  if (type === 'array') return [exampleOf(items as JsonObject, named)];
  if (type === 'integer') return schema.minimum ?? 0;
  if (type !== 'object') return '…';
  return Object.fromEntries(
    Object.entries(properties as Record<string, JsonObject>).map(([name, part]) => [name, exampleOf(part, named)]),
  );
}

import type * as z from 'zod';
import type { CheckedMethod, Methods } from '../../withdrawal/methods.js';
import type { Route } from '../route.js';
import { headersOf } from './headers.js';
import type { JsonObject } from './json-object.js';
import { type RefusalResponses, refusalsOf } from './responses.js';
import { answerReference, exampleOf, inputSchema } from './schemas.js';

/** What all operations of a document have in common. */
export interface OperationContext {
  readonly refusals: RefusalResponses;
  /** The named schemas of the answers. */
  readonly answers: Readonly<Record<string, JsonObject>>;
  /** The methods whose destinations the document shows. */
  readonly methods: Methods;
}

/** The tag of a route, and of all that ask for the same credential. */
export const TAGS = { api_key: 'Business', payout_hash: 'Payout user' } as const;

const WHO = { api_key: 'With an API key', payout_hash: 'With a payout hash' } as const;

/** The operation of one method and path. Where it has two lines in the table, one a credential, it is both of them. */
export function operation(context: OperationContext, routes: readonly [Route, ...Route[]]): JsonObject {
  const [{ method, path, document }] = routes;
  const parameters = [...pathParameters(path), ...queryParameters(routes), ...keyParameter(routes)];
  const isWrite = method !== 'GET';
  return {
    operationId: document.operationId,
    summary: document.summary,
    description: routes.length > 1 ? routes.map(each).join(' ') : described(routes[0]),
    tags: routes.map(({ credential }) => TAGS[credential]),
    security: routes.flatMap(securityOf),
    ...(routes[0].scope === undefined ? {} : { 'x-required-scope': routes[0].scope }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(document.body === undefined ? {} : { requestBody: requestBody(context, routes[0], document.body) }),
    responses: {
      200: success(context, routes, isWrite),
      ...context.refusals.of(routes.flatMap(refusalsOf), isWrite),
    },
  };
}

const each = (route: Route): string => `${WHO[route.credential]}: ${lowerFirst(described(route))}`;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function described({ scope, document: { summary, description } }: Route): string {
  const words = description ?? `${summary}.`;
  return scope === undefined ? words : `${words} The API key needs the scope \`${scope}\`.`;
}

function securityOf({ credential }: Route): JsonObject[] {
  if (credential === 'payout_hash') return [{ payoutHash: [] }, { payoutHashInQuery: [] }];
  return [{ apiKey: [] }];
}

function pathParameters(path: string): JsonObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  }));
}

function queryParameters(routes: readonly Route[]): JsonObject[] {
  const byName = new Map<string, Route>();
  for (const route of routes) for (const name of Object.keys(route.document.query ?? {})) byName.set(name, route);
  return [...byName].map(([name, { credential, document }]) => {
    const { description, ...schema } = inputSchema(document.query?.[name] as z.ZodType);
    const isShared = routes.every((route) => Object.hasOwn(route.document.query ?? {}, name));
    return {
      name,
      in: 'query',
      description: isShared ? description : `${description} ${WHO[credential]} alone.`,
      schema,
    };
  });
}

function keyParameter(routes: readonly Route[]): JsonObject[] {
  const takesKey = routes.some(({ document }) => document.takesIdempotencyKey);
  return takesKey ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : [];
}

function success({ answers }: OperationContext, routes: readonly Route[], isWrite: boolean): JsonObject {
  // Each once: two credentials may get the same answer.
  const schemas = [...new Set(routes.map(({ document }) => document.answer))].map(answerReference);
  const schema = schemas.length === 1 ? (schemas[0] as JsonObject) : { anyOf: schemas };
  return {
    description: 'Done.',
    headers: headersOf(isWrite ? ['idempotency-replayed'] : []),
    content: { 'application/json': { schema, example: exampleOf(schema, answers) } },
  };
}

function requestBody({ methods }: OperationContext, { credential, document }: Route, body: z.ZodType): JsonObject {
  const fields = inputSchema(body);
  const required = Array.isArray(fields.required);
  const open = [...methods.values()].filter(({ enabled }) => enabled);
  // What fits the schema of somebody else's destination, only its author can say.
  const { named, ...example } =
    document.operationId === 'withdraw' && open.length > 0
      ? { named: withDestinations(fields, open) }
      : { named: fields, example: exampleOf(fields) };
  const schema = credential === 'payout_hash' ? withPayoutHash(named) : named;
  return { required, content: { 'application/json': { schema, ...example } } };
}

// A payout hash in a body is a credential, let in everywhere and of use only here.
function withPayoutHash(fields: JsonObject): JsonObject {
  const payout_hash = {
    type: 'string',
    pattern: '^[0-9A-Fa-f]{64}$',
    description: 'The credential, where the header is not sent.',
  };
  return { ...fields, properties: { ...(fields.properties as JsonObject), payout_hash } };
}

function withDestinations(fields: JsonObject, open: readonly CheckedMethod[]): JsonObject {
  const { method, destination, ...others } = fields.properties as Record<string, JsonObject>;
  const schemas = open.map(({ id, destinationSchema }) => {
    const { $schema: _, ...schema } = destinationSchema as JsonObject;
    return { title: id, ...schema };
  });
  // Inside another document, a reference of its own would lead to nothing.
  const canEmbed = schemas.every((schema) => !JSON.stringify(schema).includes('"$ref"'));
  const shown = schemas.length === 1 ? schemas[0] : { description: destination?.description, anyOf: schemas };
  return {
    ...fields,
    properties: {
      method: { ...method, enum: open.map(({ id }) => id), examples: [open[0]?.id] },
      ...others,
      destination: canEmbed ? shown : destination,
    },
  };
}

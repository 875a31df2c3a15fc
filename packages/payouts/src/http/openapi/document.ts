import type { Payouts } from '../../payouts.js';
import type { Route } from '../route.js';
import { routes } from '../table.js';
import { HEADERS, headerComponent } from './headers.js';
import type { JsonObject } from './json-object.js';
import { type OperationContext, operation, TAGS } from './operation.js';
import { RefusalResponses } from './responses.js';
import { answerComponents } from './schemas.js';

/** What an OpenAPI document says of the server that it is for. */
export interface OpenApiOptions {
  /** @default 'Payout API' */
  readonly title?: string | undefined;
  /** The version of your API. @default '1.0.0' */
  readonly version?: string | undefined;
  /** Where the API is mounted. @default where the document is served */
  readonly servers?: readonly { readonly url: string; readonly description?: string | undefined }[] | undefined;
  /** Whom to ask. @default the project of Bursar */
  readonly contact?: { readonly name: string; readonly url?: string; readonly email?: string } | undefined;
  /** Of the description. @default MIT, by its SPDX identifier */
  readonly license?: { readonly name: string; readonly identifier?: string; readonly url?: string } | undefined;
}

/** An OpenAPI 3.1 document: a value for `JSON.stringify`. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: readonly { readonly url: string; readonly description?: string | undefined }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** Operations by path and lower-case method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

const DESCRIPTION = `Bodies are JSON in UTF-8. An unknown field, one that stands twice, and \`__proto__\` are refused with 422 and named; unknown parameters of the query are ignored. Amounts are integers of the smallest unit of the currency, times are in ISO 8601 (UTC).

A path that has \`GET\` answers \`HEAD\` too, without the body; \`OPTIONS\` answers 204 with \`Allow\`, and another method 405. An \`X-Request-Id\` of 1 to 128 characters of \`A-Za-z0-9_.:-\` comes back on the answer.

Lists come in pages: \`next_cursor\` of one page is the \`cursor\` of the next.`;

const SECURITY_SCHEMES = {
  apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the business.' },
  payoutHash: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Payout-Hash',
    description: 'The payout hash of the payout user.',
  },
  payoutHashInQuery: {
    type: 'apiKey',
    in: 'query',
    name: 'payout_hash',
    description:
      'The same where no header can be sent. The header comes first, then `payout_hash` in the body, then this; the first one that is there counts.',
  },
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Makes it safe to send the request again: the answer is the first one, with `Idempotency-Replayed: true`. 1 to 255 visible ASCII characters, or a quoted string; kept for ever.',
  schema: { type: 'string', minLength: 1 },
  example: '8e03978e-40d5-43e8-bc93-6894a57f9324',
};

/**
 * Makes the OpenAPI 3.1 document of the payout API, from the table of routes itself.
 *
 * With `payouts`, it has the payout methods that are enabled there, with the schemas of their destinations. The document
 * holds no secret, and nothing of a business or its users.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 * @example
 * await writeFile('openapi.json', JSON.stringify(openApiDocument({ servers: [{ url: 'https://api.example.com/v1' }] })));
 */
export function openApiDocument(options: OpenApiOptions & { readonly payouts?: Payouts } = {}): OpenApiDocument {
  const { title = 'Payout API', version = '1.0.0', servers = [{ url: '.' }] } = options;
  const { contact = { name: 'Bursar', url: 'https://github.com/bursar/bursar' } } = options;
  const { license = { name: 'MIT', identifier: 'MIT' } } = options;
  const refusals = new RefusalResponses();
  const answers = answerComponents();
  const paths = pathsOf({ refusals, answers, methods: options.payouts?.context.methods ?? new Map() });
  return {
    openapi: '3.1.1',
    info: { title, version, description: DESCRIPTION, contact, license },
    servers,
    tags: [
      { name: TAGS.api_key, description: 'What a business does, with its API key.' },
      { name: TAGS.payout_hash, description: 'What a payout user does, with the payout hash.' },
    ],
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: { IdempotencyKey: IDEMPOTENCY_KEY },
      headers: Object.fromEntries(Object.entries(HEADERS).map(([name, header]) => [headerComponent(name), header])),
      responses: refusals.responses,
      schemas: { ...answers, ...refusals.schemas },
      examples: refusals.examples,
    },
  };
}

function pathsOf(context: OperationContext): OpenApiDocument['paths'] {
  const grouped = new Map<string, Map<string, [Route, ...Route[]]>>();
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    const methods = grouped.get(path) ?? new Map<string, [Route, ...Route[]]>();
    const method = route.method.toLowerCase();
    methods.get(method)?.push(route) ?? methods.set(method, [route]);
    grouped.set(path, methods);
  }
  return Object.fromEntries(
    [...grouped].map(([path, methods]) => [
      path,
      Object.fromEntries([...methods].map(([method, of]): [string, JsonObject] => [method, operation(context, of)])),
    ]),
  );
}

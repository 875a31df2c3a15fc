/** Requests made from the OpenAPI document: valid, nearly valid, hostile. */
import type { OpenApiDocument } from '@bursar/payouts/http';
import type { Sent } from '../http/target.js';
import type { Chances } from './chances.js';
import type { Pool } from './pool.js';
import { hostileBody, nearlyValid, type Schema, valid } from './values.js';
import type { GeneratedWorld } from './world.js';

/** A request, and which operation it is meant for. */
export interface Generated extends Sent {
  readonly method: string;
  /** As the document has it, for example `/payout/users/{id}`. */
  readonly template: string;
}

interface Operation {
  readonly method: string;
  readonly template: string;
  readonly credentials: readonly ('key' | 'hash' | 'hash in query')[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly takesKey: boolean;
  readonly body: Schema | undefined;
}

/** In what a request is wrong; most are in nothing, or in one thing. */
type Wrong = 'credential' | 'path' | 'query' | 'header' | 'body' | 'hostile body' | 'method';

const WRONGS = ['credential', 'path', 'query', 'header', 'body', 'body', 'body', 'hostile body', 'method'] as const;
const SCHEMES = { apiKey: 'key', payoutHash: 'hash', payoutHashInQuery: 'hash in query' } as const;

/** Every operation of the document. */
export function operationsOf(document: OpenApiDocument): readonly Operation[] {
  return Object.entries(document.paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const {
        security,
        parameters = [],
        requestBody,
      } = operation as {
        security: Record<keyof typeof SCHEMES, unknown>[];
        parameters?: (Operation['parameters'][number] & { $ref?: string })[];
        requestBody?: { content: { 'application/json': { schema: Schema } } };
      };
      return {
        method: method.toUpperCase(),
        template,
        credentials: security.flatMap((one) => Object.keys(one)).map((name) => SCHEMES[name as keyof typeof SCHEMES]),
        parameters: parameters.filter(({ $ref }) => $ref === undefined),
        takesKey: parameters.some(({ $ref }) => $ref !== undefined),
        body: requestBody?.content['application/json'].schema,
      };
    }),
  );
}

/** Makes requests, each from its own chances. */
export class RequestMaker {
  constructor(
    readonly operations: readonly Operation[],
    readonly mount: string,
    readonly world: Pick<GeneratedWorld, 'keys' | 'hashes'>,
    readonly pool: Pool,
    readonly chances: Chances,
  ) {}

  next(): Generated {
    const { chances } = this;
    const operation = chances.any(this.operations);
    if (operation === undefined) throw new Error('the document has no operations');
    const wrong = chances.percent(60) ? undefined : chances.one(WRONGS);
    const method =
      wrong === 'method' ? chances.one(['HEAD', 'OPTIONS', 'DELETE', 'PUT', 'PATCH', 'POST']) : operation.method;
    const credential = this.#credential(operation, wrong);
    const query = [...this.#query(operation, wrong), ...credential.query];
    const path = `${this.mount}${this.#path(operation, wrong)}${query.length > 0 ? `?${query.join('&')}` : ''}`;
    const headers = { ...credential.headers, ...this.#headers(operation, wrong) };
    // A request of the Fetch standard has no body with these.
    if (method === 'GET' || method === 'HEAD') return { method, template: operation.template, path, headers };
    const body = this.#body(operation, wrong);
    const type =
      wrong === 'header' ? chances.one(['text/plain', 'application/json; charset=latin1', 'json']) : undefined;
    const all = { 'content-type': type ?? 'application/json', ...headers };
    if (body === undefined) return { method, template: operation.template, path, headers: all };
    // Node's own client sends a body with these without saying how long it is.
    const length =
      method === 'DELETE' || method === 'OPTIONS' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    return { method, template: operation.template, path, headers: { ...all, ...length }, body };
  }

  #credential({ credentials }: Operation, wrong: Wrong | undefined): { headers: Headers; query: readonly string[] } {
    const { chances, pool, world } = this;
    if (wrong === 'credential') return { headers: this.#badCredential(), query: [] };
    const kind = chances.any(credentials);
    if (kind === 'key') return { headers: { authorization: `Bearer ${world.keys.good}` }, query: [] };
    const hash = pool.one('hash', chances) ?? chances.any(world.hashes) ?? '';
    if (kind === 'hash') return { headers: { 'x-payout-hash': hash }, query: [] };
    return { headers: {}, query: [`payout_hash=${hash}`] };
  }

  #badCredential(): Headers {
    const { chances, world } = this;
    const bad = chances.one([...world.keys.bad, 'x'] as unknown as readonly [string, ...string[]]);
    return chances.one<Headers>([
      {},
      { authorization: `Bearer ${bad}` },
      { authorization: `Basic ${bad}` },
      { authorization: `bearer  ${world.keys.good}` },
      { authorization: `Bearer ${chances.any(world.hashes)}` },
      { 'x-payout-hash': chances.one(['f'.repeat(64), 'nonsense', '', world.keys.good, ...world.hashes]) },
      { authorization: `Bearer ${world.keys.good}`, 'x-payout-hash': chances.any(world.hashes) ?? '' },
    ]);
  }

  #path({ template }: Operation, wrong: Wrong | undefined): string {
    return template.replace(/\{\w+\}/g, () => encoded(wrong === 'path' ? this.#wrongId() : this.#id(template)));
  }

  #id(template: string): string {
    const { chances, pool } = this;
    if (template.endsWith('/reclaim') && chances.percent(70))
      return pool.one('closed user', chances) ?? this.#wrongId();
    if (template.includes('/users/')) return pool.oneOf(['user', 'user', 'closed user'], chances) ?? this.#wrongId();
    const state = STATES.find(([end]) => template.endsWith(end))?.[1] ?? ANY_STATE;
    return pool.oneOf(chances.percent(70) ? state : ANY_STATE, chances) ?? this.#wrongId();
  }

  #wrongId(): string {
    return this.chances.one([
      'usr_none',
      'a',
      '%00',
      '%ff',
      '..%2f..',
      '😀',
      'x'.repeat(300),
      "' OR 1=1",
      '__proto__',
      '%',
    ]);
  }

  #query({ parameters, template }: Operation, wrong: Wrong | undefined): string[] {
    const { chances, pool } = this;
    const pairs = parameters
      .filter((parameter) => parameter.in === 'query' && chances.percent(30))
      .map(({ name, schema }) => {
        const known = name === 'cursor' ? (pool.one(`cursor of ${template}`, chances) ?? 'tr_1.0') : undefined;
        const user = name === 'user' ? pool.one('user', chances) : undefined;
        return `${name}=${encodeURIComponent(String(known ?? user ?? valid(schema, chances)))}`;
      });
    return wrong === 'query' ? [...pairs, ...pairs.slice(0, 1), chances.one(QUERIES)] : pairs;
  }

  #headers({ takesKey }: Operation, wrong: Wrong | undefined): Headers {
    const { chances } = this;
    const key = `key-${chances.between(1, 400)}`;
    return {
      ...(takesKey && chances.percent(60) ? { 'idempotency-key': chances.percent(50) ? key : `"${key}"` } : {}),
      ...(wrong === 'header' ? chances.one<Headers>(HEADERS) : {}),
    };
  }

  #body({ body }: Operation, wrong: Wrong | undefined): string | Uint8Array | undefined {
    const { chances, pool } = this;
    if (wrong === 'hostile body') return hostileBody(chances);
    if (body === undefined) return chances.percent(10) ? '{}' : undefined;
    const known = (name: string): unknown =>
      // In a body it is a credential, and the request has one already; a status that is for ever is for few.
      name === 'generation' && pool.one('generation', chances) !== undefined
        ? Number(pool.one('generation', chances))
        : name === 'status' && chances.percent(70)
          ? body.properties?.status?.enum?.[0]
          : undefined;
    const { payout_hash: _, ...properties } = body.properties ?? {};
    const fields = valid({ ...body, properties }, chances, known) as Record<string, unknown>;
    const fitting = 'destination' in fields ? withFittingDestination(fields) : fields;
    return JSON.stringify(wrong === 'body' ? nearlyValid(fitting, chances) : fitting);
  }
}

type Headers = Readonly<Record<string, string>>;

const ANY_STATE = ['review', 'queued', 'processing', 'unknown', 'succeeded', 'failed', 'rejected', 'returned'].map(
  (status) => `${status} withdrawal`,
);
const STATES: readonly (readonly [end: string, kinds: readonly string[]])[] = [
  ['/approve', ['review withdrawal']],
  ['/refuse', ['review withdrawal']],
  ['/return', ['succeeded withdrawal']],
  ['/withdrawals/{id}', ['queued withdrawal', 'processing withdrawal', 'unknown withdrawal']],
];

const QUERIES = [
  'limit=0',
  'limit=101',
  'limit=1e2',
  'limit=',
  'cursor=%00',
  'cursor=__proto__',
  'status=none',
  'email=%ff',
  'user=%00',
  'unknown=1',
  'payout_hash=x',
  'limit[]=1',
  '&&=&',
] as const;

const HEADERS = [
  { 'idempotency-key': '' },
  { 'idempotency-key': 'x'.repeat(256) },
  { 'idempotency-key': 'two words' },
  { 'idempotency-key': '"open' },
  { 'idempotency-key': '\u00e9' },
  { 'x-request-id': 'trace-1' },
  { 'x-request-id': 'x'.repeat(200) },
  { 'content-encoding': 'gzip' },
  { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' },
  { 'if-none-match': '*' },
] as const;

// A percent sign stays: what stands for no letter is sent as it is.
const encoded = (id: string): string => encodeURIComponent(id).replaceAll('%25', '%');

/** The destinations of the document stand in the order of their methods, and only the right one fits. */
function withFittingDestination(fields: Record<string, unknown>): Record<string, unknown> {
  const destination = fields.method === 'card' ? { email: 'user1@example.com' } : { reference: 'by hand' };
  return { ...fields, destination };
}

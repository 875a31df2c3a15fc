/** Whether a document describes an answer: its status, each of its headers, and its body. */
import type { OpenApiDocument } from '@bursar/payouts/http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Received, Sent } from '../http/target.js';

/** Says what of an answer the document does not describe. */
export type Described = (sent: Pick<Sent, 'method' | 'path'>, received: Received) => readonly string[];

interface Header {
  readonly required?: boolean;
  readonly schema: object;
}

interface Response {
  readonly headers?: Readonly<Record<string, Header | { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}

// Of the protocol between browser and server, and not of any operation.
const OF_CORS = /^(?:vary|access-control-[a-z-]+)$/;
const OF_FRAMEWORK = new Set(['content-type', 'x-powered-by']);
const OF_OPTIONS = new Set(['allow', 'x-request-id']);

/** Reads a document whose paths are below `mount`. What is at another path is the host's, and never wrong. */
export function describedBy(document: OpenApiDocument, mount: string): Described {
  const reader = new Reader(document);
  const paths = Object.entries(document.paths).map(([template, operations]) => ({
    template,
    operations,
    pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return ({ method = 'GET', path }, received) => {
    const pathname = path.split('?')[0] ?? '';
    // What cannot be decoded names nothing, and a framework may say so by itself.
    if (!pathname.startsWith(`${mount}/`) || !isDecodable(pathname)) return [];
    const below = pathname.slice(mount.length);
    // A template that says more of a path comes first: `/payout/users` is no `/payout/{id}`.
    const found = paths.find(({ template }) => template === below) ?? paths.find(({ pattern }) => pattern.test(below));
    if (found === undefined) return [];
    if (method === 'OPTIONS') return problemsOfOptions(received);
    const asked = (method === 'HEAD' ? 'GET' : method).toLowerCase();
    // Each operation describes what another method than those of its path gets.
    const name = Object.hasOwn(found.operations, asked) ? asked : Object.keys(found.operations)[0];
    if (name !== asked && received.status !== 405) return [`${method} is none of ${found.template}, yet no 405`];
    const pointer = `/paths/${escaped(found.template)}/${name}/responses/${received.status}`;
    return reader.problems(pointer, received, method === 'HEAD');
  };
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

function problemsOfOptions({ status, headers, body }: Received): string[] {
  const unknown = Object.keys(headers).filter((name) => !OF_OPTIONS.has(name) && !isForeign(name));
  return status === 204 && body === '' && headers.allow !== undefined && unknown.length === 0
    ? []
    : [`OPTIONS got ${status} with ${JSON.stringify(headers)} and ${JSON.stringify(body)}`];
}

const isForeign = (name: string): boolean => OF_CORS.test(name) || name === 'x-powered-by';
const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

class Reader {
  readonly #ajv = new Ajv2020({ strict: false, validateSchema: false, formats: { 'idn-email': true } });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(readonly document: OpenApiDocument) {
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(document, 'document');
  }

  problems(pointer: string, received: Received, isHead: boolean): string[] {
    const at = this.#resolve(pointer);
    if (at === undefined) return [`${received.status} is not described at ${pointer}: ${received.body.slice(0, 200)}`];
    return [...this.#headers(at, received), ...this.#body(at, received, isHead)];
  }

  #headers(at: string, { headers }: Received): string[] {
    const described = (this.#value(at) as Response).headers ?? {};
    const byName = new Map(
      Object.keys(described).map((name) => [name.toLowerCase(), this.#resolve(`${at}/headers/${name}`) ?? '']),
    );
    const unknown = Object.keys(headers).filter(
      (name) => !byName.has(name) && !OF_FRAMEWORK.has(name) && !isForeign(name),
    );
    const wrong = [...byName].filter(([name, where]) => {
      const { required = false } = this.#value(where) as Header;
      const value = headers[name];
      return value === undefined ? required : !this.#fits(`${where}/schema`, value);
    });
    return [
      ...unknown.map((name) => `the header ${name} is not described at ${at}`),
      ...wrong.map(([name]) => `the header ${name} is ${JSON.stringify(headers[name])}, which ${at} does not let in`),
    ];
  }

  #body(at: string, { headers, body }: Received, isHead: boolean): string[] {
    const { content } = this.#value(at) as Response;
    if (isHead || content === undefined) return body === '' ? [] : [`a body where ${at} has none`];
    const type = headers['content-type'] ?? '';
    if (!Object.hasOwn(content, type)) return [`the type ${type} is not described at ${at}`];
    const where = `${at}/content/${escaped(type)}/schema`;
    return this.#fits(where, JSON.parse(body)) ? [] : [`the body ${body.slice(0, 300)} does not fit ${where}`];
  }

  #fits(pointer: string, value: unknown): boolean {
    const known = this.#validators.get(pointer);
    const validate = known ?? this.#ajv.compile({ $ref: `document#${encodeURI(pointer)}` });
    if (known === undefined) this.#validators.set(pointer, validate);
    return validate(value);
  }

  /** The pointer itself, or the one that a reference there leads to; `undefined` where there is nothing. */
  #resolve(pointer: string): string | undefined {
    const value = this.#value(pointer) as Operation['responses'][string] | undefined;
    if (value === undefined) return undefined;
    return '$ref' in value ? value.$ref.slice(1) : pointer;
  }

  #value(pointer: string): unknown {
    return pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], this.document);
  }
}

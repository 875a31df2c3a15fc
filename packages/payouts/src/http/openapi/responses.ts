import type { BursarErrorCode } from '@bursar/core';
import type { Route } from '../route.js';
import { type DocumentedError, documentedError } from './errors.js';
import { headersOf } from './headers.js';
import type { JsonObject } from './json-object.js';

const WITHOUT_CREDENTIAL: readonly BursarErrorCode[] = [
  'method_not_allowed',
  'too_many_requests',
  'internal_error',
  'service_unavailable',
];
const OF_CREDENTIAL: Readonly<Record<Route['credential'], readonly BursarErrorCode[]>> = {
  api_key: ['missing_credential', 'invalid_api_key', 'insufficient_scope', 'secret_key_required'],
  // A hash is looked for in the body too, whatever the method.
  payout_hash: ['missing_credential', 'invalid_payout_hash', 'payouts_disabled', 'malformed_body', 'body_too_large'],
};
const OF_BODY: readonly BursarErrorCode[] = [
  'malformed_body',
  'body_too_large',
  'unsupported_media_type',
  'invalid_idempotency_key',
  'invalid_fields',
];

/** Every refusal that a route can give. */
export function refusalsOf({ method, path, credential, document }: Route): readonly BursarErrorCode[] {
  return [
    ...OF_CREDENTIAL[credential],
    ...(method === 'GET' ? [] : OF_BODY),
    ...(document.query === undefined ? [] : (['invalid_fields'] as const)),
    ...(path.includes('/:') ? (['not_found'] as const) : []),
    ...(document.takesIdempotencyKey === true ? (['idempotency_key_reused'] as const) : []),
    ...(document.refusals ?? []),
    ...WITHOUT_CREDENTIAL,
  ];
}

const pascal = (code: string): string => code.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The refusals of a document, each once. */
export class RefusalResponses {
  readonly schemas: Record<string, JsonObject> = {};
  readonly examples: Record<string, JsonObject> = {};
  readonly responses: Record<string, JsonObject> = {};

  /** References to the responses with these codes, by status. */
  of(codes: readonly BursarErrorCode[], isWrite: boolean): JsonObject {
    const byStatus = new Map<number, DocumentedError[]>();
    for (const code of new Set(codes)) {
      const error = documentedError(code);
      byStatus.set(error.status, [...(byStatus.get(error.status) ?? []), error]);
    }
    return Object.fromEntries(
      [...byStatus].map(([status, errors]) => [status, this.#response(status, errors, isWrite)]),
    );
  }

  #response(status: number, errors: readonly DocumentedError[], isWrite: boolean): JsonObject {
    // A refusal by the state of the ledger is kept with its key, and given again.
    const mayReplay = isWrite && (status === 400 || status === 422);
    const name = `${errors.map(({ code }) => pascal(code)).join('Or')}${mayReplay ? 'Replayable' : ''}`;
    const own = [...new Set(errors.flatMap(({ headers }) => headers))];
    const always = own.filter((header) => errors.every(({ headers }) => headers.includes(header)));
    const sometimes = own.filter((header) => !always.includes(header));
    this.responses[name] ??= {
      description: errors.map(({ words }) => words).join(' Or: '),
      headers: headersOf(mayReplay ? [...always, 'idempotency-replayed'] : always, sometimes),
      content: { 'application/json': { schema: this.#schema(errors), examples: this.#examples(errors) } },
    };
    return { $ref: `#/components/responses/${name}` };
  }

  #schema(errors: readonly DocumentedError[]): JsonObject {
    const references = errors.map(({ code, schema }) => {
      this.schemas[pascal(code)] = schema;
      return { $ref: `#/components/schemas/${pascal(code)}` };
    });
    return references.length === 1 ? (references[0] as JsonObject) : { anyOf: references };
  }

  #examples(errors: readonly DocumentedError[]): JsonObject {
    return Object.fromEntries(
      errors.map(({ code, words, example }) => {
        this.examples[pascal(code)] = { summary: words, value: example };
        return [code, { $ref: `#/components/examples/${pascal(code)}` }];
      }),
    );
  }
}

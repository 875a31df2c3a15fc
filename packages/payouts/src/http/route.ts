import type { BursarErrorCode, RequestView } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import type * as z from 'zod';
import type { PayoutsContext } from '../options.js';
import type { ApiAnswer } from './answer.js';

/** A request to one of the API's paths. */
export interface ApiRequest extends RequestView {
  /** The decoded value of a `:name` of the path. */
  param(name: string): string | undefined;
}

/** What a route runs with, after the guard. */
export interface RouteCall {
  readonly context: PayoutsContext;
  readonly request: ApiRequest;
  readonly business: BusinessRecord;
  /** The payout user whose hash was sent; for a business route, the one that the path names, or `''`. */
  readonly payoutUserId: string;
  /** Who asks, for what is kept of a decision: `payout_user`, or `business:` and the id of the API key. */
  readonly actor: string;
  /** For `POST` and `PATCH`: what was sent, unchecked. */
  readonly fields: unknown;
  readonly idempotencyKey: string | undefined;
}

/** What the OpenAPI document says of a route, besides what follows from its method, path and credential. */
interface RouteDocument {
  readonly operationId: string;
  readonly summary: string;
  /** What the summary leaves open. */
  readonly description?: string;
  /** Parameters of the query by name, none of them required. */
  readonly query?: Readonly<Record<string, z.ZodType>>;
  /** The fields of the body: the very schema that checks them. */
  readonly body?: z.ZodType;
  /** The body of a success: one of `answers.ts`. */
  readonly answer: z.ZodType;
  /** Whether an `Idempotency-Key` is kept. */
  readonly takesIdempotencyKey?: boolean;
  /** The refusals that are the route's own. */
  readonly refusals?: readonly BursarErrorCode[];
}

/** One line of the table of routes. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the mount, for example `/payout/users/:id`. */
  readonly path: string;
  /**
   * The credential that it asks for; the other one is ignored. Two lines of one method and path, one a credential, are told
   * apart by which one was sent.
   */
  readonly credential: 'api_key' | 'payout_hash';
  /** The scope that an API key needs. */
  readonly scope?: string;
  /** Whether a publishable key will do. */
  readonly publishable?: boolean;
  readonly document: RouteDocument;
  run(call: RouteCall): Promise<ApiAnswer>;
}

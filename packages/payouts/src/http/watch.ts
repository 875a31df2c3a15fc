import { attempt, type CredentialKind, refusalOf, requestId } from '@bursar/core';
import type { PayoutsContext } from '../options.js';
import type { ApiAnswer } from './answer.js';
import type { Principal } from './principal.js';
import type { ApiRequest, Route } from './route.js';

/** A request to the API, for whoever watches it. Holds no credential, and no text that a client chose but the plain id. */
export interface Asked {
  /** As the table of routes names it, for example `GET /payout/users/:id`; `null` where the path has no such method. */
  readonly route: string | null;
  /** Below the mount, with `:name` for a parameter. */
  readonly path: string;
  /** One of RFC 9110 or `PATCH`; any other is `OTHER`. */
  readonly method: string;
  /** Sent back as `X-Request-Id`, unless the host has an id of its own there. */
  readonly requestId: string;
}

/** How it was answered. */
export interface Answered extends Asked {
  readonly status: number;
  /** Whether it was the answer to an earlier request with the same idempotency key. */
  readonly replayed: boolean;
  /** `null` where no credential was let in. */
  readonly businessId: string | null;
  /** The id of the API key, or of the payout user; `null` where none was let in. */
  readonly credential: { readonly kind: CredentialKind; readonly id: string } | null;
  readonly durationMs: number;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];

/**
 * Answers a request, and has it watched by the hooks of the team: they can neither change the answer, nor keep it from being
 * given, nor have it given twice.
 *
 * @param answer Calls `known` as soon as it is known who asks.
 */
export async function watched(
  context: PayoutsContext,
  request: ApiRequest,
  { path, route }: { readonly path: string; readonly route: Route | undefined },
  answer: (known: (principal: Principal) => void) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  const { onAnswer, aroundRequest, performance: stopwatch } = context.watch;
  if (onAnswer === undefined && aroundRequest === undefined) return answer(() => undefined);
  const begun = stopwatch.now();
  const method = METHODS.includes(request.method) ? request.method : 'OTHER';
  const named = route === undefined ? null : `${route.method} ${route.path}`;
  const asked: Asked = { route: named, path, method, requestId: requestId(request) };
  let who: Principal | undefined;
  let given: Promise<ApiAnswer> | undefined;
  const give = (): Promise<ApiAnswer> => {
    given ??= answer((known) => {
      who = known;
    });
    return given;
  };
  const answered = async (): Promise<Answered> => {
    const { status, replayed } = await outcomeOf(give());
    const { business, credential = null } = who ?? {};
    return {
      ...asked,
      status,
      replayed,
      businessId: business?.id ?? null,
      credential,
      durationMs: stopwatch.now() - begun,
    };
  };
  let done: Promise<Answered> | undefined;
  const run = (): Promise<Answered> => {
    done ??= answered();
    return done;
  };
  const { onError } = context.auth.context;
  if (aroundRequest !== undefined) attempt(() => aroundRequest(asked, run), onError);
  const last = run();
  if (onAnswer !== undefined) attempt(async () => onAnswer(await last), onError);
  return give();
}

async function outcomeOf(given: Promise<ApiAnswer>): Promise<Pick<Answered, 'status' | 'replayed'>> {
  try {
    const { status, headers } = await given;
    return { status, replayed: headers['idempotency-replayed'] === 'true' };
  } catch (error) {
    // What the framework package will answer with.
    return { status: refusalOf(error).status, replayed: false };
  }
}

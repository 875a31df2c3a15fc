import type { Payouts } from '@bursar/payouts';
import type { ApiAnswer, ApiRequest } from '@bursar/payouts/http';
import type { Kept } from './documents.js';
import type { Role, SignedIn } from './options.js';
import type { Sent } from './sent.js';
import type { DashboardState, Operator } from './state.js';

/** Who is in front of the page. */
export interface Visitor extends SignedIn {
  /** Tells two people apart where two have to agree. */
  readonly id: string;
  /** `null` where the host's own sign-in knows him. */
  readonly operator: Kept<Operator> | null;
}

/** What a route runs with. */
export interface Call {
  readonly state: DashboardState;
  readonly request: Sent & ApiRequest;
  /** As this operator, for the audit log. */
  readonly payouts: Payouts;
  readonly visitor: Visitor;
  /** `biz_1` or `biz_1_test`: by the `:side` of the path, else the live one. */
  readonly businessId: string;
  /** What was sent, unchecked. `undefined` for GET and DELETE. */
  readonly fields: unknown;
}

/** One route below `api/`. */
export interface DashboardRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `:name` for a parameter; `/:side` is `live` or `test`. */
  readonly path: string;
  /** The least role that may. */
  readonly needs: Role;
  /** Whether a form is taken once by its Idempotency-Key: where what it makes could not be shown a second time. */
  readonly once?: boolean;
  run(call: Call): Promise<ApiAnswer>;
}

/** A route for whoever is not signed in yet. */
export interface OpenRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  run(call: Pick<Call, 'state' | 'request' | 'fields'>): Promise<ApiAnswer>;
}

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, owner: 2 };

/** Whether a role includes another. */
export function includesRole(role: Role, needed: Role): boolean {
  return RANK[role] >= RANK[needed];
}

/** Finds the parameters of a path that has this form; `undefined` for another path. */
export function matchPath(form: string, path: string): ReadonlyMap<string, string> | undefined {
  const [wanted, given] = [form.split('/'), path.split('/')];
  if (wanted.length !== given.length) return undefined;
  const found = new Map<string, string>();
  for (const [index, part] of wanted.entries()) {
    const text = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== text) return undefined;
      continue;
    }
    const value = decodedPart(text);
    if (value === undefined || !ID.test(value)) return undefined;
    found.set(part.slice(1), value);
  }
  return found;
}

// What no id can be names nothing, and storage is not asked for it (a NUL).
const ID = /^[\x21-\x7e]{1,255}$/;

// `%ff` is the name of nothing.
function decodedPart(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

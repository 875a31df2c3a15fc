import { digest } from '@bursar/core';
import type { Kept } from '../documents.js';
import type { Sent } from '../sent.js';
import type { DashboardState, Operator } from '../state.js';
import { newToken, tokenId } from './tokens.js';

/** Twelve hours: a working day, and no more. */
const LIFETIME_S = 43_200;

/** The name has the place in it: two dashboards on one host do not sign each other out. */
function cookieName({ isSecure, path }: DashboardState): string {
  return `${isSecure ? '__Host-' : ''}bursar_${digest(path).slice(0, 8)}`;
}

/**
 * `__Host-` and `Secure` hold over https; over http, which is for this machine alone, browsers would refuse them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6265#section-5.2
 */
function cookie(state: DashboardState, value: string, maxAge: number): string {
  const secure = state.isSecure ? '; Secure' : '';
  return `${cookieName(state)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}

function sentToken(state: DashboardState, request: Sent): string | undefined {
  const name = `${cookieName(state)}=`;
  const cookies = (request.header('cookie') ?? '').split(';').map((pair) => pair.trim());
  const [found, other] = cookies.filter((pair) => pair.startsWith(name));
  // Of two, one was put there by somebody else.
  return other === undefined ? found?.slice(name.length) : undefined;
}

/** Begins a session, and ends the one that the request came with. Answers the cookie. */
export async function beginSession(state: DashboardState, request: Sent, operator: Kept<Operator>): Promise<string> {
  await endSession(state, request);
  const token = newToken();
  const body = { operatorId: operator.id, epoch: operator.body.epoch };
  await state.sessions.put(tokenId(token) as string, null, body, LIFETIME_S);
  return cookie(state, token, LIFETIME_S);
}

/** Ends the session that the request came with. Answers the cookie that takes the other's place. */
export async function endSession(state: DashboardState, request: Sent): Promise<string> {
  const id = tokenId(sentToken(state, request));
  const session = id === undefined ? undefined : await state.sessions.find(id);
  if (session !== undefined) await state.sessions.remove(session.id, session.version);
  return cookie(state, '', 0);
}

/** Whose session the request came with; `null` for none that holds. */
export async function sessionOperator(state: DashboardState, request: Sent): Promise<Kept<Operator> | null> {
  const id = tokenId(sentToken(state, request));
  const session = id === undefined ? undefined : await state.sessions.find(id);
  if (session === undefined) return null;
  const operator = await state.operators.find(session.body.operatorId);
  return operator !== undefined && operator.body.epoch === session.body.epoch ? operator : null;
}

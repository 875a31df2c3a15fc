import { digest } from '@bursar/core';
import type { Kept } from '../documents.js';
import type { Sent } from '../sent.js';
import type { DashboardState, Operator } from '../state.js';
import { newToken, tokenId } from './tokens.js';

/** Twelve hours: a working day, and no more. */
const LIFETIME_S = 43_200;
/** Half an hour without a request: nobody is in front of the page. */
const IDLE_S = 1800;
/** A session that is in use is written once in so many milliseconds, and not at each request. */
const RENEWED_EVERY_MS = 60_000;

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
  const usedAt = state.payouts.auth.context.now();
  const body = { operatorId: operator.id, epoch: operator.body.epoch, usedAt, endsAt: usedAt + LIFETIME_S * 1000 };
  await state.sessions.put(tokenId(token) as string, null, body, IDLE_S);
  return cookie(state, token, LIFETIME_S);
}

/** Ends the session that the request came with. Answers the cookie that takes the other's place. */
export async function endSession(state: DashboardState, request: Sent): Promise<string> {
  const id = tokenId(sentToken(state, request));
  let session = id === undefined ? undefined : await state.sessions.find(id);
  // Again where another request has just renewed it: at most once a minute.
  while (session !== undefined && !(await state.sessions.remove(session.id, session.version))) {
    session = await state.sessions.find(session.id);
  }
  return cookie(state, '', 0);
}

/** Whose session the request came with; `null` for none that holds. One that holds goes on for another half hour. */
export async function sessionOperator(state: DashboardState, request: Sent): Promise<Kept<Operator> | null> {
  const id = tokenId(sentToken(state, request));
  const session = id === undefined ? undefined : await state.sessions.find(id);
  const now = state.payouts.auth.context.now();
  if (session === undefined || now >= session.body.endsAt) return null;
  const operator = await state.operators.find(session.body.operatorId);
  if (operator === undefined || operator.body.epoch !== session.body.epoch) return null;
  // Where another request has just done so, or has signed out, nothing is written.
  if (now - session.body.usedAt >= RENEWED_EVERY_MS) {
    await state.sessions.put(session.id, session.version, { ...session.body, usedAt: now }, IDLE_S);
  }
  return operator;
}

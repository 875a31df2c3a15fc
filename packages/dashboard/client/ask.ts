import { mount } from './place.js';

/** What the server says is wrong, by field. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** What became of a request. */
export type Reply<Body> =
  | { readonly ok: true; readonly body: Body }
  /** Nothing was done. */
  | { readonly ok: false; readonly status: number; readonly message: string; readonly fields: FieldErrors }
  /** There was no answer: it may have been done. */
  | {
      readonly ok: false;
      readonly status: 'lost' | 'signed_out';
      readonly message: string;
      readonly fields: FieldErrors;
    };

/** The same reply, with other words for a field: where the server's would not help whoever typed it. */
export function inWords<Body>(reply: Reply<Body>, field: string, words: string): Reply<Body> {
  if (reply.ok || !Object.hasOwn(reply.fields, field)) return reply;
  return { ...reply, fields: { ...reply.fields, [field]: [words] } };
}

/** Told when a session has ended. */
export const signedOut = new EventTarget();

/** Asks the server: `GET /session`. */
export async function ask<Body>(line: string, fields?: unknown, idempotencyKey?: string): Promise<Reply<Body>> {
  const [method = 'GET', path = ''] = line.split(' ');
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${mount}/api${path}`, {
      method,
      headers: {
        'x-bursar-dashboard': '1',
        ...(fields === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(fields === undefined ? {} : { body: JSON.stringify(fields) }),
    });
    body = await response.json();
  } catch {
    return lost('The connection was lost. Whether it was done is not known: sent again, it is done once.');
  }
  if (response.ok) return { ok: true, body: body as Body };
  if (response.status === 401 && !path.startsWith('/session/')) {
    signedOut.dispatchEvent(new Event('ended'));
    return { ok: false, status: 'signed_out', message: 'You were signed out.', fields: {} };
  }
  if (response.status >= 500) {
    return lost('The server could not answer. Whether it was done is not known: sent again, it is done once.');
  }
  return refusal(response.status, body);
}

function lost(message: string): Reply<never> {
  return { ok: false, status: 'lost', message, fields: {} };
}

function refusal(status: number, body: unknown): Reply<never> {
  const told = body as { readonly error?: string; readonly message?: string } & FieldErrors;
  if (typeof told.error === 'string') return { ok: false, status, message: told.message ?? told.error, fields: {} };
  return { ok: false, status, message: 'Some of it is not right yet.', fields: told };
}

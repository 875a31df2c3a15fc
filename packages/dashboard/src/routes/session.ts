import { checkFields, fieldsOf } from '@bursar/payouts';
import { refusalAnswer } from '@bursar/payouts/http';
import * as z from 'zod';
import { answer, refused, time } from '../answers.js';
import type { Kept } from '../documents.js';
import { redeemLink } from '../operators/links.js';
import {
  addPasskey,
  authenticationOptions,
  passkeyOperator,
  passkeysOf,
  registrationOptions,
} from '../operators/passkeys.js';
import { beginSession, endSession } from '../operators/sessions.js';
import type { Call, DashboardRoute, OpenRoute } from '../route.js';
import type { Operator } from '../state.js';

const linkFields = fieldsOf({ token: z.string('The token must be a string.') });
const responseFields = fieldsOf({ response: z.record(z.string(), z.unknown(), 'The response must be an object.') });
const passkeyFields = fieldsOf({
  response: z.record(z.string(), z.unknown(), 'The response must be an object.'),
  label: z
    .string('The label must be a string.')
    .trim()
    .min(1, 'The label field is required.')
    .max(100, 'The label may not be greater than 100 characters.'),
});

/** How somebody signs in who is not known yet. */
export const openRoutes: readonly OpenRoute[] = [
  { method: 'POST', path: '/session/link', run: signInByLink },
  { method: 'POST', path: '/session/challenge', run: async ({ state }) => answer(await authenticationOptions(state)) },
  { method: 'POST', path: '/session/passkey', run: signInByPasskey },
];

/** A person's own session and passkeys. */
export const sessionRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/session', needs: 'viewer', run: show },
  { method: 'DELETE', path: '/session', needs: 'viewer', run: signOut },
];

/** A person's own passkeys; with the dashboard's own sign-in alone. */
export const passkeyRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/passkeys', needs: 'viewer', run: listPasskeys },
  {
    method: 'POST',
    path: '/passkeys/challenge',
    needs: 'viewer',
    run: async (call) => answer(await registrationOptions(call.state, self(call))),
  },
  { method: 'POST', path: '/passkeys', needs: 'viewer', run: keepPasskey },
  { method: 'DELETE', path: '/passkeys/:id', needs: 'viewer', run: removePasskey },
];

type OpenCall = Parameters<OpenRoute['run']>[0];

async function signInByLink(call: OpenCall) {
  const checked = checkFields(linkFields, call.fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const operator = await redeemLink(call.state, checked.value.token);
  if (operator === null) return refused(401, 'Unauthorized', 'This link has been used, or its time has passed.');
  return signedIn(call, operator, 'link');
}

async function signInByPasskey(call: OpenCall) {
  const checked = checkFields(responseFields, call.fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const operator = await passkeyOperator(call.state, checked.value.response);
  if (operator === null) return refused(401, 'Unauthorized', 'This passkey is not known here.');
  return signedIn(call, operator, 'passkey');
}

async function signedIn({ state, request }: OpenCall, operator: Kept<Operator>, by: string) {
  const { payouts, businessId } = state;
  const address = payouts.auth.context.clientAddress(request);
  const caller = { actorType: 'operator', actorId: operator.body.name, address } as const;
  await payouts
    .as(caller)
    .audit.record({ businessId, action: 'operator.sign_in', target: operator.id, details: { by } });
  // Now and then somebody has to, and nobody else comes by.
  await payouts.context.storage.deleteExpiredDocuments(100);
  const cookie = await beginSession(state, request, operator);
  return answer({ name: operator.body.name, role: operator.body.role }, { 'set-cookie': cookie });
}

async function show({ state, visitor, businessId, payouts }: Call) {
  const business = await payouts.auth.businesses.find(businessId);
  const hasPasskey = visitor.operator === null || (await passkeysOf(state, visitor.operator)).length > 0;
  return answer({
    name: visitor.name,
    role: visitor.role,
    business: business?.name ?? businessId,
    has_passkey: hasPasskey,
    own_sign_in: state.signIn === undefined,
    webhooks: state.webhooks !== undefined,
    usage: state.usage !== undefined,
    wallet_url: state.walletUrl ?? null,
  });
}

async function signOut({ state, request, payouts, businessId, visitor }: Call) {
  if (visitor.operator === null) return refused(409, 'Conflict', 'You are signed in by the application around this.');
  await payouts.audit.record({ businessId, action: 'operator.sign_out', target: visitor.id });
  return answer({}, { 'set-cookie': await endSession(state, request) });
}

async function listPasskeys(call: Call) {
  const found = await passkeysOf(call.state, self(call));
  const json = found.map(({ id, body, createdAt }) => ({ id, label: body.label, created_at: time(createdAt) }));
  return answer({ items: json });
}

async function keepPasskey(call: Call) {
  const checked = checkFields(passkeyFields, call.fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const kept = await addPasskey(call.state, self(call), checked.value);
  if (kept === null) return refused(409, 'Conflict', 'The passkey could not be added: try it once more.');
  const { payouts, businessId } = call;
  await payouts.audit.record({ businessId, action: 'operator.passkey_add', target: call.visitor.id });
  return answer({ id: kept.id, label: kept.body.label, created_at: time(kept.createdAt) });
}

async function removePasskey(call: Call) {
  const { state, request, payouts, businessId, visitor } = call;
  const found = (await passkeysOf(state, self(call))).find(({ id }) => id === request.param('id'));
  if (found === undefined || !(await state.passkeys.remove(found.id, found.version))) return answer({});
  await payouts.audit.record({ businessId, action: 'operator.passkey_remove', target: visitor.id });
  return answer({});
}

function self({ visitor }: Call): Kept<Operator> {
  if (visitor.operator === null) throw new Error('operators of the host have no passkeys here');
  return visitor.operator;
}

import { type BursarErrorOf, invalidFields, notFound } from '@bursar/core';
import { checkFields, fieldsOf } from '@bursar/payouts';
import { type ApiAnswer, refusalAnswer } from '@bursar/payouts/http';
import { answer, refused, time } from '../answers.js';
import type { Kept } from '../documents.js';
import { makeLink, type SignInLink } from '../operators/links.js';
import { addOperator, hasOtherOwner, role } from '../operators/operator.js';
import { passkeysOf } from '../operators/passkeys.js';
import type { Call, DashboardRoute } from '../route.js';
import type { Operator } from '../state.js';

/** Who may use the dashboard: owners decide; with the dashboard's own sign-in alone. */
export const operatorsRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/operators', needs: 'owner', run: list },
  { method: 'POST', path: '/operators', needs: 'owner', once: true, run: invite },
  { method: 'POST', path: '/operators/:id/link', needs: 'owner', once: true, run: (call) => named(call, inviteAgain) },
  { method: 'PATCH', path: '/operators/:id', needs: 'owner', run: (call) => named(call, changeRole) },
  { method: 'DELETE', path: '/operators/:id', needs: 'owner', run: (call) => named(call, remove) },
];

const roleFields = fieldsOf({ role });

async function list({ state, visitor }: Call) {
  const found = await state.operators.list();
  return answer({ items: found.map((operator) => ({ ...operatorJson(operator), self: operator.id === visitor.id })) });
}

function operatorJson({ id, body, createdAt }: Kept<Operator>) {
  return { id, name: body.name, role: body.role, created_at: time(createdAt) };
}

async function invite(call: Call) {
  const added = await addOperator(call.state, call.fields);
  if (!added.ok) return refusalAnswer(added.error);
  await noted(call, 'operator.add', added.value, { name: added.value.body.name, role: added.value.body.role });
  return answer({ ...operatorJson(added.value), ...linkJson(await makeLink(call.state, added.value)) });
}

async function inviteAgain(call: Call, operator: Kept<Operator>) {
  await noted(call, 'operator.link', operator);
  return answer({ ...operatorJson(operator), ...linkJson(await makeLink(call.state, operator)) });
}

function linkJson({ url, expiresAt }: SignInLink) {
  return { url, expires_at: time(expiresAt) };
}

async function changeRole(call: Call, operator: Kept<Operator>) {
  const { state } = call;
  const checked = checkFields(roleFields, call.fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  if (checked.value.role !== 'owner' && !(await hasOtherOwner(state, operator.id))) return refusalAnswer(lastOwner());
  const changed = await state.operators.put(operator.id, operator.version, { ...operator.body, ...checked.value });
  if (changed === undefined) return changedMeanwhile();
  await noted(call, 'operator.change', operator, checked.value);
  return answer(operatorJson(changed));
}

async function remove(call: Call, operator: Kept<Operator>) {
  const { state } = call;
  if (!(await hasOtherOwner(state, operator.id))) return refusalAnswer(lastOwner());
  for (const { id, version } of await passkeysOf(state, operator)) await state.passkeys.remove(id, version);
  if (!(await state.operators.remove(operator.id, operator.version))) return changedMeanwhile();
  await noted(call, 'operator.remove', operator, { name: operator.body.name });
  return answer({});
}

function lastOwner(): BursarErrorOf<'invalid_fields'> {
  return invalidFields({ role: ['Somebody has to stay an owner: make another operator one first.'] });
}

function changedMeanwhile(): ApiAnswer {
  return refused(409, 'Conflict', 'Somebody else has changed this operator meanwhile: look again.');
}

async function named(call: Call, run: (call: Call, operator: Kept<Operator>) => Promise<ApiAnswer>) {
  const id = call.request.param('id') ?? '';
  const operator = /^[0-9a-f]{32}$/.test(id) ? await call.state.operators.find(id) : undefined;
  return operator === undefined ? refusalAnswer(notFound()) : run(call, operator);
}

function noted(
  { payouts, businessId }: Call,
  action: string,
  { id: target }: Kept<Operator>,
  details: Readonly<Record<string, string>> = {},
): Promise<void> {
  return payouts.audit.record({ businessId, action, target, details });
}

import { digest, invalidFields } from '@bursar/core';
import { checkFields, fieldsOf, type Outcome } from '@bursar/payouts';
import * as z from 'zod';
import type { Kept } from '../documents.js';
import type { Role } from '../options.js';
import type { DashboardState, Operator } from '../state.js';

/** The name of an operator, as it comes from outside. No control, no mark of direction: it is read in the audit log. */
const name = z
  .string({
    error: ({ input }) => (input === undefined ? 'The name field is required.' : 'The name must be a string.'),
  })
  .trim()
  .min(1, 'The name field is required.')
  .max(100, 'The name may not be greater than 100 characters.')
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'The name may not contain characters that cannot be seen.');

export const role = z.enum(['owner', 'operator', 'viewer'], 'The role must be owner, operator or viewer.');

/** The fields of a new operator. */
const operatorFields = fieldsOf({ name, role });

/** Two names that differ in case or in form alone are one operator. */
function operatorIdOf(name: string): string {
  return digest(name.normalize('NFKC').toLowerCase()).slice(0, 32);
}

/** Makes an operator; refused where there is one of this name. */
export async function addOperator(
  { operators, payouts }: DashboardState,
  fields: unknown,
): Promise<Outcome<Kept<Operator>>> {
  const checked = checkFields(operatorFields, fields);
  if (!checked.ok) return { ok: false, replayed: false, error: checked.error };
  const since = payouts.auth.context.now();
  const body = { ...checked.value, epoch: since, since };
  const made = await operators.put(operatorIdOf(checked.value.name), null, body);
  if (made !== undefined) return { ok: true, replayed: false, value: made };
  const taken = invalidFields({ name: ['The name is that of another operator.'] });
  return { ok: false, replayed: false, error: taken };
}

/** The operator of this name with this role, made where there is none. @throws {TypeError} where the name is none. */
export async function openOperator(
  state: DashboardState,
  fields: { readonly name: string; readonly role: Role },
): Promise<Kept<Operator>> {
  const added = await addOperator(state, fields);
  if (added.ok) return added.value;
  const known = await state.operators.find(operatorIdOf(String(fields.name).trim()));
  if (known === undefined) throw new TypeError(`no such operator: ${JSON.stringify(added.error.body)}`);
  if (known.body.role === fields.role) return known;
  const changed = await state.operators.put(known.id, known.version, { ...known.body, role: fields.role });
  if (changed === undefined) throw new Error(`the operator ${known.body.name} was changed at the same time: try again`);
  return changed;
}

/** Whether somebody besides this operator is an owner. */
export async function hasOtherOwner({ operators }: DashboardState, id: string): Promise<boolean> {
  return (await operators.list()).some((other) => other.id !== id && other.body.role === 'owner');
}

import { notFound } from '@bursar/core';
import { checkFields, fieldsOf, MAX_AMOUNT } from '@bursar/payouts';
import { refusalAnswer } from '@bursar/payouts/http';
import * as z from 'zod';
import { answer, refused } from '../answers.js';
import { settingsId, twoPersonOver } from '../approvals.js';
import type { Call, DashboardRoute } from '../route.js';

/** The settings of a side. */
export const settingsRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/:side/settings', needs: 'viewer', run: show },
  { method: 'PATCH', path: '/:side/settings', needs: 'owner', run: change },
];

const settingsFields = fieldsOf({
  payouts_enabled: z.boolean('The payouts_enabled must be true or false.').optional(),
  two_person_over: z
    .int('The two_person_over must be an integer, or null.')
    .min(0, 'The two_person_over must be at least 0.')
    .max(MAX_AMOUNT, `The two_person_over may not be greater than ${MAX_AMOUNT}.`)
    .nullable()
    .optional(),
});

async function show(call: Call) {
  const { payouts, businessId } = call;
  const business = await payouts.auth.businesses.find(businessId);
  if (business === null) return refusalAnswer(notFound());
  const { limit, holdSeconds } = await payouts.context.withdrawals.rulesOf(businessId);
  return answer({
    name: business.name,
    currency: business.currency,
    payouts_enabled: business.payoutsEnabled,
    two_person_over: await twoPersonOver(call),
    limit,
    hold_seconds: holdSeconds,
  });
}

async function change(call: Call) {
  const { payouts, businessId, state } = call;
  const checked = checkFields(settingsFields, call.fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const { payouts_enabled: enabled, two_person_over: over } = checked.value;
  if (over !== undefined) {
    const id = settingsId(call);
    const present = await state.settings.find(id);
    const kept = await state.settings.put(id, present?.version ?? null, { twoPersonOver: over });
    if (kept === undefined) {
      return refused(409, 'Conflict', 'Somebody else has changed the settings meanwhile: look again.');
    }
    const details = { two_person_over: String(over) };
    await payouts.audit.record({ businessId, action: 'dashboard.settings', target: id, details });
  }
  if (enabled !== undefined) await payouts.auth.businesses.setPayoutsEnabled(businessId, enabled);
  return show(call);
}

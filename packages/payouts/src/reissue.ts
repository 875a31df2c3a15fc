import { invalidFields, type PayoutUserWithHash } from '@bursar/core';
import type { BusinessRecord } from '@bursar/core/storage';
import * as z from 'zod';
import { audited } from './audit/audited.js';
import { checkFields, fieldsOf } from './fields.js';
import type { PayoutsContext } from './options.js';
import { type Outcome, refuse } from './outcome.js';

// The next one still fits the smallest integer column that a storage may keep it in.
const MAX_GENERATION = 2_147_483_646;

/** The fields of a reissue, as they come from outside. */
export const reissueFields = fieldsOf({
  generation: z
    .int('The generation must be an integer.')
    .min(0, 'The generation must be at least 0.')
    .max(MAX_GENERATION, `The generation may not be greater than ${MAX_GENERATION}.`)
    .meta({ description: 'The generation that the caller saw; required without an Idempotency-Key.' })
    .optional(),
});

/**
 * Gives a payout user a new hash; the old one is refused from then on. Needs an idempotency key or the generation that
 * the caller saw, so that a repeated request does not end the hash that the first one made. `null` for an unknown id.
 */
export function reissue(
  context: PayoutsContext,
  business: BusinessRecord,
  id: string,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<PayoutUserWithHash> | null> {
  const act = { businessId: business.id, action: 'payout_user.reissue', target: id };
  return audited(context, act, () => reissueHash(context, business, id, fields, idempotencyKey));
}

async function reissueHash(
  { auth }: PayoutsContext,
  business: BusinessRecord,
  id: string,
  fields: unknown,
  idempotencyKey: string | undefined,
): Promise<Outcome<PayoutUserWithHash> | null> {
  const checked = checkFields(reissueFields, fields, idempotencyKey);
  if (!checked.ok) return refuse(checked.error);
  const { generation } = checked.value;
  if (generation === undefined && idempotencyKey === undefined) {
    return refuse(invalidFields({ generation: ['The generation field is required without an Idempotency-Key.'] }));
  }
  const options = { businessId: business.id, id, idempotencyKey, expectedGeneration: generation };
  const reissued = await auth.payoutUsers.reissue(options);
  switch (reissued.status) {
    case 'not_found':
      return null;
    case 'closed':
      return refuse(invalidFields({ status: ['The payout user is closed, for ever.'] }));
    case 'generation_changed':
      return refuse(invalidFields({ generation: [`The generation is ${reissued.generation} by now.`] }));
    default:
      return { ok: true, replayed: reissued.status === 'replayed', value: reissued.issued };
  }
}

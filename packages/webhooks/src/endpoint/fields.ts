import { fieldsOf } from '@bursar/payouts';
import type { EventType } from '@bursar/payouts/storage';
import * as z from 'zod';
import { checkUrl, type UrlRules } from '../url.js';

const TYPES: Readonly<Record<EventType, true>> = {
  'payout_user.created': true,
  'payout_user.funded': true,
  'withdrawal.created': true,
  'withdrawal.processing': true,
  'withdrawal.succeeded': true,
  'withdrawal.failed': true,
  'withdrawal.rejected': true,
  'withdrawal.returned': true,
};

/** All types of events. */
export const EVENT_TYPES = Object.keys(TYPES) as readonly EventType[];

const MAX_DESCRIPTION = 255;

const description = z
  .string('The description must be a string.')
  .max(MAX_DESCRIPTION, `The description may not be greater than ${MAX_DESCRIPTION} characters.`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'The description may not contain control characters or lone surrogates.')
  .nullable()
  .optional();

const TYPES_RULE = `The types must be a list of ${EVENT_TYPES.join(', ')}, or null for all.`;

const types = z
  .array(z.enum(EVENT_TYPES, TYPES_RULE), TYPES_RULE)
  .min(1, 'The types must have at least 1 type, or be null for all.')
  .refine((given) => new Set(given).size === given.length, 'The types may not have one twice.')
  .nullable()
  .optional();

/** What an endpoint is made of and changed by, as it comes from outside. */
export function endpointFields(rules: UrlRules) {
  const url = z
    .string({ error: ({ input }) => (input == null ? 'The url field is required.' : 'The url must be a string.') })
    .transform((given, context) => {
      const checked = checkUrl(given, rules);
      if ('url' in checked) return checked.url;
      context.issues.push({ code: 'custom', message: checked.problem, input: given });
      return z.NEVER;
    });
  return {
    create: fieldsOf({ url, description, types }),
    change: fieldsOf({ url: url.optional(), description, types }),
  };
}

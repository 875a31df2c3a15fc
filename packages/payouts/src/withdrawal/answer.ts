import * as z from 'zod';
import { hasOddLength } from '../odd-length.js';
import type { ProviderAnswer, ProviderEvent } from './method.js';

/** A provider's answer, checked. */
export interface CheckedAnswer {
  readonly status: ProviderAnswer['status'];
  readonly reference: string | null;
  readonly reason: string | null;
}

/** A provider's event, checked. */
export interface CheckedEvent extends Omit<CheckedAnswer, 'status'> {
  readonly status: ProviderEvent['status'];
  readonly businessId: string;
  readonly withdrawalId: string;
}

const MAX_REASON = 500;

const said = {
  reference: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u)
    .nullish()
    .transform((reference) => reference ?? null),
  reason: z
    .string()
    .nullish()
    .transform((reason) => (reason === null || reason === undefined ? null : asReason(reason))),
};
const answer = z.object({ status: z.enum(['sent', 'pending', 'refused', 'unknown']), ...said });
const event = z.object({
  status: z.enum(['sent', 'pending', 'refused', 'unknown', 'returned']),
  businessId: z.string(),
  withdrawalId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  ...said,
});

/** Reads an answer. `undefined` for nonsense: what a provider did not say in our words, it did not say. */
export function readAnswer(value: unknown): CheckedAnswer | undefined {
  return isOdd(value) ? undefined : answer.safeParse(value).data;
}

/** Reads one event of a webhook. `undefined` for nonsense. */
export function readEvent(value: unknown): CheckedEvent | undefined {
  return isOdd(value) ? undefined : event.safeParse(value).data;
}

// What else providers add is not looked at.
function isOdd(value: unknown): boolean {
  return hasOddLength((value as { readonly reference?: unknown } | null | undefined)?.reference);
}

/** Words of somebody else, as storage can keep them. Surrogates go by halves, so a cut leaves none alone. */
export function asReason(words: string): string {
  return words
    .replace(/[\p{Cc}\p{Cs}]/gu, ' ')
    .trim()
    .slice(0, MAX_REASON)
    .replace(/[\ud800-\udbff]$/, '');
}

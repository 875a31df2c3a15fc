import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { digest } from '@bursar/core';
import type { DashboardState } from '../state.js';

/** What a challenge is for; one for the other purpose is refused. */
export type ChallengePurpose = 'sign_in' | 'register';

const LIFETIME_S = 300;
const FORM = /^([A-Za-z0-9_-]{22})\.(\d{13})\.([A-Za-z0-9_-]{43})$/;

/**
 * A challenge of a passkey. It is kept nowhere until it was answered rightly: else whoever asks for a million of them would
 * fill the storage.
 */
export function newChallenge(state: DashboardState, purpose: ChallengePurpose): string {
  const nonce = randomBytes(16).toString('base64url');
  const until = state.payouts.auth.context.now() + LIFETIME_S * 1000;
  return `${nonce}.${until}.${mac(state, purpose, nonce, until)}`;
}

/** Whether a challenge is one of ours, and its time has not come. */
export function isChallenge(state: DashboardState, purpose: ChallengePurpose, challenge: string): boolean {
  const [, nonce, until, sent] = FORM.exec(challenge) ?? [];
  if (nonce === undefined || until === undefined || sent === undefined) return false;
  const expected = mac(state, purpose, nonce, Number(until));
  return timingSafeEqual(Buffer.from(sent), Buffer.from(expected)) && state.payouts.auth.context.now() < Number(until);
}

/** Uses a challenge up: of two callers one gets `true`. */
export async function useChallenge({ usedChallenges }: DashboardState, challenge: string): Promise<boolean> {
  return (await usedChallenges.put(digest(challenge), null, {}, 2 * LIFETIME_S)) !== undefined;
}

function mac({ payouts, businessId }: DashboardState, purpose: ChallengePurpose, nonce: string, until: number): string {
  const { current } = payouts.auth.context.secrets;
  const key = current.deriver.subKey('dashboard-challenge', businessId);
  return createHmac('sha256', key).update(`${purpose}.${nonce}.${until}`).digest('base64url');
}

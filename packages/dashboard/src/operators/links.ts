import type { Kept } from '../documents.js';
import type { DashboardState, Operator } from '../state.js';
import { newToken, tokenId } from './tokens.js';

/** A link that signs somebody in, once. */
export interface SignInLink {
  /** The secret stands behind `#`, where no server and no log sees it. */
  readonly url: string;
  /** Milliseconds since 1970: a quarter of an hour from now. */
  readonly expiresAt: number;
}

const LIFETIME_S = 900;

/** Makes a link for an operator. */
export async function makeLink(state: DashboardState, operator: Kept<Operator>): Promise<SignInLink> {
  const token = newToken();
  const body = { operatorId: operator.id, epoch: operator.body.epoch };
  const kept = await state.links.put(tokenId(token) as string, null, body, LIFETIME_S);
  if (kept === undefined) throw new Error('256 random bits came a second time');
  return {
    url: `${state.origin.origin}${state.path}/sign-in#${token}`,
    expiresAt: kept.createdAt + LIFETIME_S * 1000,
  };
}

/** Uses a link up; of two callers with one link, one gets its operator. */
export async function redeemLink(state: DashboardState, token: unknown): Promise<Kept<Operator> | null> {
  const id = tokenId(token);
  const link = id === undefined ? undefined : await state.links.find(id);
  if (link === undefined || !(await state.links.remove(link.id, link.version))) return null;
  const operator = await state.operators.find(link.body.operatorId);
  return operator !== undefined && operator.body.epoch === link.body.epoch ? operator : null;
}

import type { ActorType } from './record.js';

/** Who asks for an operation, for the audit log. */
export interface Caller {
  readonly actorType: ActorType;
  /** The id of the API key, the payout user, or the operator's name: 1 to 255 characters, kept for ever. */
  readonly actorId: string;
  /** The client's address. @default unknown */
  readonly address?: string | null | undefined;
  /** @default none */
  readonly requestId?: string | null | undefined;
}

/** The caller of what the team's own code does without saying for whom. */
export const SYSTEM: Caller = Object.freeze({ actorType: 'system', actorId: 'system' });

const ACTOR_TYPES: readonly unknown[] = ['api_key', 'payout_user', 'operator', 'system'] satisfies ActorType[];
const CLEAN = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

/** Checks who asks. @throws {TypeError} which names the field and the rule. */
export function checkCaller(caller: Caller): Caller {
  const { actorType, actorId, address, requestId } = caller;
  if (!ACTOR_TYPES.includes(actorType)) {
    throw new TypeError('actorType must be "api_key", "payout_user", "operator" or "system"');
  }
  if (!isClean(actorId)) throw new TypeError('actorId must be 1 to 255 characters without control characters');
  for (const [name, value] of Object.entries({ address, requestId })) {
    if (value !== undefined && value !== null && !isClean(value)) {
      throw new TypeError(`${name} must be null, or 1 to 255 characters without control characters`);
    }
  }
  return { actorType, actorId, address, requestId };
}

function isClean(value: unknown): boolean {
  return typeof value === 'string' && CLEAN.test(value);
}

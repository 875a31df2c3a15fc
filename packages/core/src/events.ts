import type { CredentialKind } from './errors.js';
import type { BusinessId, Timestamp } from './storage.js';

/** Why a presented credential was refused. Told to the team's own hook and never to the client. */
export type RefusedReason = 'malformed' | 'unknown' | 'revoked' | 'expired' | 'inactive' | 'address';

interface Described {
  readonly at: Timestamp;
  /** The first 8 digits of the stored digest, enough to find the row; `null` for what cannot be a credential. */
  readonly digestPrefix: string | null;
  /** `null` where the credential belongs to nobody. */
  readonly businessId: BusinessId | null;
}

/** What happened, without where from. */
export type SecurityReport =
  | (Described & { readonly type: 'credential_refused'; readonly kind: CredentialKind; readonly reason: RefusedReason })
  | (Described & { readonly type: 'request_throttled'; readonly kind: CredentialKind })
  | (Described & {
      readonly type: 'api_key_issued' | 'api_key_rotated' | 'api_key_revoked';
      readonly apiKeyId: string;
    })
  | (Described & {
      readonly type: 'payout_hash_reissued' | 'payout_user_changed';
      readonly payoutUserId: string;
    });

/** Something that a security log wants to know. Holds no credential. */
export type SecurityEvent = SecurityReport & {
  /** The client's, by the host's own word; `null` where it is not known, or no request was the cause. */
  readonly address: string | null;
};

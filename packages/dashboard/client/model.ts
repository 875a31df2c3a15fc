/**
 * What the server answers, as far as the pages use it.
 *
 * @module
 */

type Role = 'owner' | 'operator' | 'viewer';

export interface Session {
  readonly name: string;
  readonly role: Role;
  readonly business: string;
  readonly has_passkey: boolean;
  readonly own_sign_in: boolean;
  readonly webhooks: boolean;
  readonly usage: boolean;
  readonly wallet_url: string | null;
}

export interface PayoutUser {
  readonly id: string;
  readonly email: string;
  readonly status: 'active' | 'inactive' | 'closed';
  readonly generation: number;
  readonly balance: number;
  readonly pending: number;
  readonly currency: string;
  readonly expires_at: string | null;
  readonly created_at: string;
}

export interface Operation {
  readonly id: string;
  readonly type: string;
  readonly phase: string;
  readonly direction: 'credit' | 'debit';
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly created_at: string;
}

export interface Withdrawal {
  readonly id: string;
  readonly method: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly destination: string;
  readonly status: string;
  readonly reason: string | null;
  readonly payout_user_id: string;
  readonly provider_reference: string | null;
  readonly attempts: number;
  readonly created_at: string;
}

export interface WithdrawalWithHistory extends Withdrawal {
  readonly history: readonly {
    readonly version: number;
    readonly status: string;
    readonly actor: string;
    readonly reason: string | null;
    readonly at: string;
  }[];
  readonly needs_two?: boolean;
  readonly approval?: { readonly name: string; readonly at: string; readonly mine: boolean } | null;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly scopes: readonly string[];
  readonly hint: string;
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly types: readonly string[] | null;
  readonly status: string;
  readonly disabled_reason: string | null;
}

export interface Delivery {
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly status: string;
  readonly attempts: number;
  readonly response_status: number | null;
  readonly error: string | null;
  readonly updated_at: string;
}

export interface AuditEntry {
  readonly sequence: number;
  readonly actor_type: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly address: string | null;
  readonly outcome: string;
  readonly details: Readonly<Record<string, string>> | null;
  readonly at: string;
}

export interface Settings {
  readonly currency: string;
  readonly payouts_enabled: boolean;
  readonly two_person_over: number | null;
  readonly limit: { readonly seconds: number; readonly amount: number } | null;
  readonly hold_seconds: number;
}

export interface Method {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly fee: number | null;
}

export interface Operator {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly self: boolean;
}

/** What every page gets. */
export interface PageProps {
  readonly side: 'live' | 'test';
  readonly session: Session;
  readonly id: string | undefined;
  readonly query: URLSearchParams;
}

/** Whether a role includes another. */
export function may({ role }: Session, needed: 'operator' | 'owner'): boolean {
  return role === 'owner' || role === needed;
}

import type { RequestView } from '@bursar/core';
import type { Payouts } from '@bursar/payouts';
import type { UsageSum } from '@bursar/payouts/storage';
import type { Webhooks } from '@bursar/webhooks';

/** What an operator may do: all; the daily work (users, withdrawals, deliveries); or only look. */
export type Role = 'owner' | 'operator' | 'viewer';

/** Somebody who may use the dashboard. */
export interface SignedIn {
  /** For the audit log: 1 to 100 characters. */
  readonly name: string;
  readonly role: Role;
}

/** Where counts of requests come from: `usageCounts()` of `@bursar/observe` is one. */
export interface UsageSource {
  /** The requests from `fromDay` to `toDay`, both included, for each day and credential. */
  sums(options: {
    readonly businessId: string;
    readonly fromDay: string;
    readonly toDay: string;
  }): Promise<readonly UsageSum[]>;
}

/** Set-up of a dashboard. */
export interface DashboardOptions {
  readonly payouts: Payouts;
  /** The business whose payouts it shows: both of its sides. */
  readonly businessId: string;
  /** The whole path that it is mounted under, as the browser sees it, for example `/dashboard`. */
  readonly path: string;
  /**
   * Where browsers reach the server, for example `https://pay.example.com`: passkeys hold for its host, and a change that
   * a page of another origin asks for is refused. Over `http:` only for this machine.
   */
  readonly origin: string;
  /** Shows endpoints and deliveries. @default no such pages */
  readonly webhooks?: Webhooks | undefined;
  /** Shows the use of API keys. @default no such page */
  readonly usage?: UsageSource | undefined;
  /**
   * The host's own sign-in: who sent this request, or `null` for nobody. Asked at each request. Operators, passkeys and
   * sessions are the host's then.
   *
   * @default the dashboard's own: passkeys, and links that work once
   */
  readonly signIn?: ((request: RequestView) => SignedIn | null | Promise<SignedIn | null>) | undefined;
  /** Where the host's own sign-in sends people: with `signIn`. @default a sentence that says to sign in */
  readonly signInUrl?: string | undefined;
  /** The wallet's URL: a payout user's link is this with `#` and the hash. @default the hash itself is shown */
  readonly walletUrl?: string | undefined;
}

/** The set-up, checked. */
export interface DashboardContext extends Omit<DashboardOptions, 'origin'> {
  readonly origin: URL;
  readonly isSecure: boolean;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Checks the options, once. @throws {TypeError} which names the option and the rule. */
export function dashboardContext(options: DashboardOptions): DashboardContext {
  const { payouts, businessId, path, webhooks, usage, signIn, signInUrl, walletUrl } = options;
  if (typeof payouts?.as !== 'function') throw new TypeError('payouts must be what createPayouts() makes');
  if (typeof payouts.context.storage.putDocument !== 'function') {
    throw new TypeError('payouts must be on a storage that keeps documents');
  }
  if (typeof businessId !== 'string' || businessId === '' || businessId.endsWith('_test')) {
    throw new TypeError('businessId must be the id of a business, not of its test side');
  }
  if (typeof path !== 'string' || !/^(?:\/[\w.~-]+)+$/.test(path)) {
    throw new TypeError('path must be a whole path without a slash at its end, such as "/dashboard"');
  }
  if (webhooks !== undefined && typeof webhooks.endpoints?.create !== 'function') {
    throw new TypeError('webhooks must be what createWebhooks() makes');
  }
  if (usage !== undefined && typeof usage.sums !== 'function') throw new TypeError('usage must have a function sums');
  if (signIn !== undefined && typeof signIn !== 'function') throw new TypeError('signIn must be a function');
  for (const [name, url] of Object.entries({ signInUrl, walletUrl })) {
    if (url !== undefined && !isPageUrl(url)) throw new TypeError(`${name} must be an http: or https: URL, or a path`);
  }
  const origin = originOf(options.origin);
  return { ...options, origin, isSecure: origin.protocol === 'https:' };
}

function originOf(text: unknown): URL {
  const problem = 'origin must be where browsers reach the server, such as "https://pay.example.com"';
  if (typeof text !== 'string' || !URL.canParse(text)) throw new TypeError(problem);
  const url = new URL(text);
  if (url.origin !== text) throw new TypeError(`${problem}: without a path`);
  const isOpen = url.protocol === 'http:' && !LOOPBACK.test(url.hostname);
  if (isOpen || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(`${problem}: over https:, or on this machine alone over http:`);
  }
  return url;
}

// A `javascript:` URL would run where it is clicked.
function isPageUrl(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  if (/^\/(?![/\\])/.test(text)) return true;
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/**
 * Where events are delivered to, and how far each delivery has come.
 *
 * @module
 */
import type { Awaitable, BusinessId, Timestamp } from '@bursar/core/storage';
import type { EventRef, EventType } from '../event/record.js';

/** `disabled` by an operator, or for failing too long: nothing is sent there until it is enabled again. */
export type EndpointStatus = 'enabled' | 'disabled';

/** A URL that a business wants to be told at. */
export interface WebhookEndpointRecord {
  readonly businessId: BusinessId;
  /** At most 64 characters of `A-Za-z0-9_-`. */
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  /** The types that it wants; `null` for all, later ones too. */
  readonly types: readonly EventType[] | null;
  /** What signatures are made with, sealed by the caller. During a rotation there are two, the new one first. */
  readonly secrets: readonly SealedSecret[];
  readonly status: EndpointStatus;
  /** Why it is disabled, for people. */
  readonly disabledReason: string | null;
  /** Since when every delivery has failed; `null` after one that succeeded. */
  readonly failingSince: Timestamp | null;
  /** From 0; each change adds one. */
  readonly version: number;
  readonly createdAt: Timestamp;
}

/** A signing secret as storage keeps it: never in clear. */
export interface SealedSecret {
  /** `v1.<id of the configured secret>.<base64url>`. */
  readonly sealed: string;
  /** When it is no longer signed with; `null` for the one in force. */
  readonly expiresAt: Timestamp | null;
}

/** A change of an endpoint, from the version that the caller has read. Fields left out stay as they are. */
export interface WebhookEndpointChange {
  readonly businessId: BusinessId;
  readonly id: string;
  readonly expectedVersion: number;
  readonly url?: string;
  readonly description?: string | null;
  readonly types?: readonly EventType[] | null;
  readonly secrets?: readonly SealedSecret[];
  readonly status?: EndpointStatus;
  readonly disabledReason?: string | null;
  readonly failingSince?: Timestamp | null;
}

/** What became of a change. Of two from one version, one is `changed`. */
export type WebhookEndpointChangeOutcome =
  | { readonly status: 'changed'; readonly endpoint: WebhookEndpointRecord }
  | { readonly status: 'version_changed'; readonly endpoint: WebhookEndpointRecord }
  | { readonly status: 'not_found' };

/** `pending` until it was answered with success, or given up (`failed`), or its endpoint was deleted (`cancelled`). */
export type DeliveryStatus = 'pending' | 'succeeded' | 'failed' | 'cancelled';

/** One event on its way to one endpoint. */
export interface DeliveryRecord {
  readonly businessId: BusinessId;
  readonly endpointId: string;
  readonly eventId: string;
  /** The event's, by which deliveries are kept in order. */
  readonly subjectId: string;
  readonly place: number;
  readonly status: DeliveryStatus;
  /** How often it was taken to be sent. */
  readonly attempts: number;
  /** When it may be taken: while it is being sent, the end of the lease. `null` for what is not pending. */
  readonly dueAt: Timestamp | null;
  /** The last answer's HTTP status; `null` without an answer. */
  readonly responseStatus: number | null;
  /** Why the last attempt failed, for people; at most 255 characters. */
  readonly error: string | null;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** Names an endpoint. */
export interface EndpointRef {
  readonly businessId: BusinessId;
  readonly endpointId: string;
}

/** An event, and the endpoints that it goes to. */
export interface EventDispatch extends EventRef {
  readonly endpointIds: readonly string[];
}

/** How an attempt ended. */
export interface DeliveryResult {
  readonly businessId: BusinessId;
  readonly endpointId: string;
  readonly eventId: string;
  /** What the delivery had when it was taken: a result whose lease was lost in between changes nothing. */
  readonly expectedAttempts: number;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** For `pending`: when to try again, by storage's clock; `null` counts as 0. */
  readonly dueInSeconds: number | null;
  readonly responseStatus: number | null;
  readonly error: string | null;
}

/** One page of deliveries, the newest first. */
export interface DeliveryListRequest {
  readonly businessId: BusinessId;
  /** `null` for those of all. */
  readonly endpointId: string | null;
  /** `null` for every status. */
  readonly status: DeliveryStatus | null;
  /** The last delivery of the page before; `null` for the newest. */
  readonly before: { readonly createdAt: Timestamp; readonly eventId: string; readonly endpointId: string } | null;
  /** From 1 to 1,000. */
  readonly limit: number;
}

/** Keeps webhook endpoints and deliveries. */
export interface DeliveryStorage {
  /** `false`, and no change, where the id is taken or the business does not exist. */
  insertWebhookEndpoint(record: WebhookEndpointRecord): Awaitable<boolean>;
  findWebhookEndpoint(businessId: BusinessId, id: string): Awaitable<WebhookEndpointRecord | null>;
  /** All of a business, by id. The caller keeps their number small. */
  listWebhookEndpoints(businessId: BusinessId): Awaitable<readonly WebhookEndpointRecord[]>;
  changeWebhookEndpoint(change: WebhookEndpointChange): Awaitable<WebhookEndpointChangeOutcome>;
  /** Deletes it, and cancels its pending deliveries, in one step. `false` for an unknown one. */
  deleteWebhookEndpoint(businessId: BusinessId, id: string): Awaitable<boolean>;
  /**
   * The ids of all configured secrets that the signing secrets of some endpoint are sealed with, by {@link neededSecrets}.
   * What is no longer signed with, by storage's clock, is left out. Sorted.
   */
  listWebhookSecretIds(): Awaitable<readonly string[]>;

  /**
   * Marks each event as dispatched and opens its deliveries, due at once, in one atomic step an event. An event that was
   * dispatched before, or is unknown, is passed over: of two callers one opens the deliveries. So is an unknown endpoint; a
   * delivery that is there already, by `resendDelivery`, stays as it is.
   */
  dispatchEvents(dispatches: readonly EventDispatch[]): Awaitable<void>;
  /**
   * Takes due deliveries, of all businesses, the longest due first, at most `limit` (from 1 to 1,000): raises `attempts`, and makes each due again in
   * `leaseSeconds`. Of two callers at the same time one gets a delivery. One whose endpoint is not enabled, or that has an
   * earlier pending one of the same endpoint and subject, is not taken. Nor is one of the endpoints in `busy`, which the
   * caller cannot send to just now.
   */
  takeDueDeliveries(
    limit: number,
    leaseSeconds: number,
    busy?: readonly EndpointRef[],
  ): Awaitable<readonly DeliveryRecord[]>;
  /** Keeps how an attempt ended. `false`, and no change, where it is not pending or was taken again since. */
  finishDelivery(result: DeliveryResult): Awaitable<boolean>;
  /**
   * Opens an event's delivery anew, or for the first time: pending, no attempts, no last answer, due at once; its
   * `createdAt` stays. `null` for unknown ids.
   */
  resendDelivery(businessId: BusinessId, endpointId: string, eventId: string): Awaitable<DeliveryRecord | null>;
  /** By falling `createdAt`, then falling event id, then falling endpoint id. */
  listDeliveries(request: DeliveryListRequest): Awaitable<readonly DeliveryRecord[]>;
}

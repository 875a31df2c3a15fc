/**
 * The endpoints of a business, as its own people and pages see them.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { type BursarErrorOf, businessId, concealed, invalidFields, orUnavailable } from '@bursar/core';
import type { BusinessId } from '@bursar/core/storage';
import { checkFields, type Outcome } from '@bursar/payouts';
import type { SealedSecret, WebhookEndpointChange, WebhookEndpointRecord } from '@bursar/payouts/storage';
import type { WebhooksContext } from '../options.js';
import { newSecret } from '../secret.js';
import { endpointFields } from './fields.js';
import { endpointOf, type WebhookEndpoint } from './view.js';

/** Names an endpoint of a business. */
export interface EndpointNamed {
  /** The side of the business: `biz_1`, or `biz_1_test`. */
  readonly businessId: string;
  readonly id: string;
}

/** What an endpoint is made with. */
export interface CreateEndpointOptions {
  readonly businessId: string;
  /** `https:`, a host of the public internet, at most 2048 characters. */
  readonly url: string;
  /** For people: at most 255 characters. @default none */
  readonly description?: string | null | undefined;
  /** Which types of events it is told of; `null` for all, later ones too. @default null */
  readonly types?: readonly string[] | null | undefined;
}

/** What is to change of an endpoint; what is left out stays. */
export interface ChangeEndpointOptions extends EndpointNamed, Partial<Omit<CreateEndpointOptions, 'businessId'>> {}

/** An endpoint with the secret that its signatures are checked with: shown now, and never again. */
export interface EndpointWithSecret {
  readonly endpoint: WebhookEndpoint;
  /** `whsec_…`. */
  readonly secret: string;
}

/** How a secret is rotated. */
export interface RotateSecretOptions extends EndpointNamed {
  /** How long the secret before signs too, so that the server can be told of the new one: at most a week. @default 86400 */
  readonly overlapSeconds?: number | undefined;
}

/** The endpoints of businesses: what `webhooks.endpoints` is. */
export interface Endpoints {
  /** Makes an endpoint, which is told of what happens from now on. Refused by field. */
  create(options: CreateEndpointOptions): Promise<Outcome<EndpointWithSecret>>;
  list(options: { readonly businessId: string }): Promise<readonly WebhookEndpoint[]>;
  find(options: EndpointNamed): Promise<WebhookEndpoint | null>;
  /** Changes URL, description or types; what is on its way goes to the new URL. `null` for an unknown one. */
  change(options: ChangeEndpointOptions): Promise<Outcome<WebhookEndpoint> | null>;
  /** Makes a new secret; both sign until the overlap ends. `null` for an unknown endpoint. */
  rotateSecret(options: RotateSecretOptions): Promise<Outcome<EndpointWithSecret> | null>;
  /** Switches it off, with a reason: at most 255 characters. What is on its way waits. `null` for an unknown one. */
  disable(options: EndpointNamed & { readonly reason: string }): Promise<Outcome<WebhookEndpoint> | null>;
  /** Switches it on again: what waited goes out. `null` for an unknown one. */
  enable(options: EndpointNamed): Promise<WebhookEndpoint | null>;
  /** Deletes it, and cancels what is on its way there. `false` for an unknown one. */
  remove(options: EndpointNamed): Promise<boolean>;
}

const MAX_OVERLAP_S = 604_800;
const MAX_REASON = 255;
const MAX_TRIES = 20;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Makes the {@link Endpoints}. */
export function endpointsOf(context: WebhooksContext): Endpoints {
  const { storage } = context;
  const fields = endpointFields(context);
  return {
    async create({ businessId: business, ...given }) {
      const checked = checkFields(fields.create, given);
      if (!checked.ok) return refuse(checked.error);
      const { url, description = null, types = null } = checked.value;
      return insert(context, businessId(business), { url, description, types });
    },
    async list(options) {
      return (await listed(context, businessId(options.businessId))).map(endpointOf);
    },
    async find(options) {
      const found = await findEndpoint(context, businessId(options.businessId), options.id);
      return found === null ? null : endpointOf(found);
    },
    async change({ businessId: business, id, ...given }) {
      const checked = checkFields(fields.change, given);
      if (!checked.ok) return refuse(checked.error);
      const { url, description, types } = checked.value;
      const change = {
        ...(url === undefined ? {} : { url }),
        ...(description === undefined ? {} : { description }),
        ...(types === undefined ? {} : { types }),
      };
      return accepted(await changed(context, { businessId: business, id }, () => change));
    },
    async rotateSecret({ overlapSeconds = 86_400, ...named }) {
      if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_S) {
        const rule = `The overlap_seconds must be an integer from 0 to ${MAX_OVERLAP_S}.`;
        return refuse(invalidFields({ overlap_seconds: [rule] }));
      }
      return rotate(context, named, overlapSeconds);
    },
    async disable({ reason, ...named }) {
      if (typeof reason !== 'string' || reason.length > MAX_REASON || !/^[^\p{Cc}\p{Cs}]+$/u.test(reason)) {
        return refuse(invalidFields({ reason: [`The reason must be 1 to ${MAX_REASON} characters.`] }));
      }
      return accepted(await changed(context, named, () => ({ status: 'disabled', disabledReason: reason })));
    },
    async enable(named) {
      const change = { status: 'enabled', disabledReason: null, failingSince: null } as const;
      const record = await changed(context, named, () => change);
      return record === null ? null : endpointOf(record);
    },
    async remove({ businessId: business, id }) {
      const owner = businessId(business);
      return ID.test(id) && orUnavailable(() => storage.deleteWebhookEndpoint(owner, id));
    },
  };
}

type Fields = Pick<WebhookEndpointRecord, 'url' | 'description' | 'types'>;

async function insert(
  context: WebhooksContext,
  business: BusinessId,
  fields: Fields,
): Promise<Outcome<EndpointWithSecret>> {
  const { storage, maxEndpoints, now } = context;
  const full = refuse(invalidFields({ url: [`The business may have at most ${maxEndpoints} webhook endpoints.`] }));
  if ((await listed(context, business)).length >= maxEndpoints) return full;
  const id = `we_${randomBytes(16).toString('hex')}`;
  const secret = newSecret();
  const record: WebhookEndpointRecord = {
    ...fields,
    businessId: business,
    id,
    secrets: [await sealed(context, { businessId: business, id }, secret)],
    status: 'enabled',
    disabledReason: null,
    failingSince: null,
    version: 0,
    createdAt: now(),
  };
  const inserted = await orUnavailable(() => storage.insertWebhookEndpoint(record));
  if (!inserted) throw new Error(`The business "${business}" does not exist: create it first.`);
  // Many at the same time have all seen room. Whoever looks last sees all that stay: there are never too many.
  if ((await listed(context, business)).length <= maxEndpoints) return shownOnce(record, secret);
  await orUnavailable(() => storage.deleteWebhookEndpoint(business, id));
  return full;
}

async function rotate(
  context: WebhooksContext,
  named: EndpointNamed,
  overlapSeconds: number,
): Promise<Outcome<EndpointWithSecret> | null> {
  const secret = newSecret();
  const next = await sealed(context, named, secret);
  const expiresAt = context.now() + overlapSeconds * 1000;
  const record = await changed(context, named, ({ secrets: [present] }) => ({
    // Of two rotations within one overlap the first secret ends at once: two sign, and no more.
    secrets: present === undefined || overlapSeconds === 0 ? [next] : [next, { ...present, expiresAt }],
  }));
  return record === null ? null : shownOnce(record, secret);
}

/** The endpoint as storage has it; `null` for an unknown one. @throws {StorageUnavailableError} */
export async function findEndpoint(
  { storage }: WebhooksContext,
  business: BusinessId,
  id: string,
): Promise<WebhookEndpointRecord | null> {
  // Storage is not asked for what no id can be.
  return ID.test(id) ? orUnavailable(() => storage.findWebhookEndpoint(business, id)) : null;
}

function listed({ storage }: WebhooksContext, business: BusinessId) {
  return orUnavailable(() => storage.listWebhookEndpoints(business));
}

type Change = Omit<WebhookEndpointChange, 'businessId' | 'id' | 'expectedVersion'>;

/** Changes an endpoint from the version that it has: read again where somebody else, or a delivery, changed it meanwhile. */
async function changed(
  context: WebhooksContext,
  { businessId: business, id }: EndpointNamed,
  change: (present: WebhookEndpointRecord) => Change,
): Promise<WebhookEndpointRecord | null> {
  const owner = businessId(business);
  let present = await findEndpoint(context, owner, id);
  for (let tries = 0; present !== null && tries < MAX_TRIES; tries++) {
    const wanted = { ...change(present), businessId: owner, id, expectedVersion: present.version };
    const outcome = await orUnavailable(() => context.storage.changeWebhookEndpoint(wanted));
    if (outcome.status === 'changed') return outcome.endpoint;
    present = outcome.status === 'not_found' ? null : outcome.endpoint;
  }
  if (present === null) return null;
  throw new Error(`the webhook endpoint ${id} of ${owner} changed ${MAX_TRIES} times while it was to be changed`);
}

async function sealed(
  { seal }: WebhooksContext,
  { businessId, id }: EndpointNamed,
  secret: string,
): Promise<SealedSecret> {
  return { sealed: await seal.seal({ businessId, id }, { secret }), expiresAt: null };
}

function shownOnce(record: WebhookEndpointRecord, secret: string): Outcome<EndpointWithSecret> {
  return { ok: true, replayed: false, value: concealed({ endpoint: endpointOf(record), secret }, ['secret']) };
}

function accepted(record: WebhookEndpointRecord | null): Outcome<WebhookEndpoint> | null {
  return record === null ? null : { ok: true, replayed: false, value: endpointOf(record) };
}

function refuse(
  error: BursarErrorOf<'invalid_fields' | 'invalid_idempotency_key'>,
): Extract<Outcome<never>, { ok: false }> {
  return { ok: false, replayed: false, error };
}

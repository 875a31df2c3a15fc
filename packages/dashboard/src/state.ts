/**
 * What the dashboard keeps: everything in documents of the business, beside the money.
 *
 * @module
 */
import * as z from 'zod';
import { type Collection, collection } from './documents.js';
import type { DashboardContext } from './options.js';

const role = z.enum(['owner', 'operator', 'viewer']);

/**
 * Someone who signs in. `epoch` is raised to end all sessions and links. `since` tells the operator from an earlier one of
 * the same name, whose passkeys are not his.
 */
const operator = z.object({ name: z.string(), role, epoch: z.int(), since: z.int() });
/** A session, under the digest of its token. `usedAt` is not each request: it may be a minute old. */
const session = z.object({ operatorId: z.string(), epoch: z.int(), usedAt: z.int(), endsAt: z.int() });
/** A link that signs in once, under the digest of its token. */
const link = z.object({ operatorId: z.string(), epoch: z.int() });
/** A public key of an operator, under the digest of the credential's id. */
const passkey = z.object({
  operatorId: z.string(),
  since: z.int(),
  credentialId: z.string(),
  publicKey: z.string(),
  counter: z.int(),
  transports: z.array(z.string()),
  label: z.string(),
});
/** Of one side, under `live` or `test`. Over this amount, two people approve a withdrawal; `null` for never. */
const settings = z.object({ twoPersonOver: z.int().nullable() });
/** The first of two approvals, under the withdrawal's id. */
const approval = z.object({ by: z.string(), name: z.string() });
/** That something was done: a challenge used, a form sent. */
const done = z.object({});

export type Operator = z.output<typeof operator>;
export type Passkey = z.output<typeof passkey>;
export type Approval = z.output<typeof approval>;

/** The set-up with its documents. */
export interface DashboardState extends DashboardContext {
  readonly operators: Collection<Operator>;
  readonly sessions: Collection<z.output<typeof session>>;
  readonly links: Collection<z.output<typeof link>>;
  readonly passkeys: Collection<Passkey>;
  readonly settings: Collection<z.output<typeof settings>>;
  readonly approvals: Collection<Approval>;
  readonly usedChallenges: Collection<z.output<typeof done>>;
  readonly sentForms: Collection<z.output<typeof done>>;
}

/** Makes {@link DashboardState}. */
export function dashboardState(context: DashboardContext): DashboardState {
  const { payouts, businessId } = context;
  const { storage } = payouts.context;
  const of = <Schema extends z.ZodType<Readonly<Record<string, unknown>>>>(name: string, schema: Schema) =>
    collection(storage, businessId, `dashboard_${name}`, schema);
  return {
    ...context,
    operators: of('operator', operator),
    sessions: of('session', session),
    links: of('link', link),
    passkeys: of('passkey', passkey),
    settings: of('settings', settings),
    approvals: of('approval', approval),
    usedChallenges: of('challenge', done),
    sentForms: of('form', done),
  };
}

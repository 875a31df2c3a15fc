import { type Auth, businessId, sideOf } from '@bursar/core';
import type { PayoutsContext } from '../options.js';
import { type Act, noted, type Told, witnessed, write } from './audited.js';

/**
 * Authentication whose administrative functions write what they do into the audit log. Guards, and all that only reads, are
 * those of `context.auth` itself.
 */
export function auditedAuth(context: PayoutsContext): Auth {
  const { auth } = context;
  return {
    ...auth,
    businesses: auditedBusinesses(context),
    apiKeys: {
      ...auth.apiKeys,
      async issue(options) {
        const act = { ...actOn(options, 'api_key.issue'), details: noted(options, 'name', 'kind', 'expiresAt') };
        return witnessed(
          context,
          act,
          () => auth.apiKeys.issue(options),
          ({ apiKey }) => ok(apiKey.id),
        );
      },
      async rotate(options) {
        const act = { ...actOn(options, 'api_key.rotate'), details: noted(options, 'overlapSeconds', 'expiresAt') };
        return witnessed(context, act, () => auth.apiKeys.rotate(options), toldBy('rotated'));
      },
      async revoke(options) {
        const revoke = () => auth.apiKeys.revoke(options);
        return witnessed(context, actOn(options, 'api_key.revoke'), revoke, (revoked) =>
          revoked === null ? NOT_FOUND : ok(),
        );
      },
    },
    payoutUsers: {
      ...auth.payoutUsers,
      async open(options) {
        const open = () => auth.payoutUsers.open(options);
        return witnessed(context, actOn(options, 'payout_user.open'), open, ({ payoutUser }) => ok(payoutUser.id));
      },
      async change(options) {
        const act = { ...actOn(options, 'payout_user.change'), details: noted(options, 'status', 'expiresAt') };
        return witnessed(context, act, () => auth.payoutUsers.change(options), toldBy('changed'));
      },
      async reissue(options) {
        const act = { ...actOn(options, 'payout_user.reissue'), details: noted(options, 'expectedGeneration') };
        return witnessed(context, act, () => auth.payoutUsers.reissue(options), toldBy('reissued'));
      },
    },
  };
}

function auditedBusinesses(context: PayoutsContext): Auth['businesses'] {
  const { businesses } = context.auth;
  return {
    ...businesses,
    async create(options) {
      const known = await businesses.find(sideOf(options.id, 'live'));
      const made = await businesses.create(options);
      // It may run at every start: only the first time does it change something. Each side has a log of its own.
      if (known === null) {
        const details = noted(options, 'name', 'currency');
        for (const { id } of [made.live, made.test]) {
          await write(context, { businessId: id, action: 'business.create', target: id, details }, ok());
        }
      }
      return made;
    },
    async setPayoutsEnabled(id, payoutsEnabled) {
      const act = {
        ...actOn({ businessId: id, id }, 'business.set_payouts_enabled'),
        details: noted({ payoutsEnabled }, 'payoutsEnabled'),
      };
      const set = () => businesses.setPayoutsEnabled(id, payoutsEnabled);
      return witnessed(context, act, set, (business) => (business === null ? null : ok()));
    },
  };
}

const NOT_FOUND: Told = { outcome: 'not_found' };

function ok(target?: string): Told {
  return { outcome: 'ok', target };
}

/** A status is the outcome, but for the one that means success. */
function toldBy(success: string): (result: { readonly status: string }) => Told {
  return ({ status }) => ({ outcome: status === success ? 'ok' : status });
}

// An id that is none throws here as it does behind it.
function actOn(options: { readonly businessId: string; readonly id?: string }, action: string): Act {
  return { businessId: businessId(options.businessId), action, target: options.id };
}

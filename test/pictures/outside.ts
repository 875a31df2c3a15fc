import type { ProviderAnswer } from '@bursar/payouts';
import type { WebhooksOptions } from '@bursar/webhooks';
import type { Providers } from './methods.js';

/** Those whom the business calls, as a seed has them. */
export interface Outside extends Providers {
  readonly transport: NonNullable<WebhooksOptions['transport']>;
}

/** Providers that now and then refuse, or cannot say; an endpoint that works, and one that is down for a while. */
export function outsideBy(random: () => number, isDown: () => boolean): Outside {
  const answer = (refused: string, pending: number): ProviderAnswer => {
    const drawn = random();
    if (drawn < 0.06) return { status: 'refused', reason: refused };
    if (drawn < 0.06 + pending) return { status: 'pending', reference: referenceBy(random) };
    return { status: 'sent', reference: referenceBy(random) };
  };
  return {
    giftCard: () => answer('This brand is sold out.', 0),
    usdc: () => (random() < 0.08 ? { status: 'unknown' } : answer('The address is on a list of sanctions.', 0.25)),
    transport: {
      send: async ({ url }) => ({ status: url.includes('/crm/') && isDown() ? 503 : 204, retryAfter: null }),
      close: () => undefined,
    },
  };
}

function referenceBy(random: () => number): string {
  return `tr_${Math.floor(random() * 36 ** 8)
    .toString(36)
    .padStart(8, '0')}`;
}

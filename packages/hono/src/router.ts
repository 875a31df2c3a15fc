import type { Payouts } from '@bursar/payouts';
import { payoutApiPaths } from '@bursar/payouts/http';
import { Hono } from 'hono';
import { send } from './answer.js';
import { faultOf } from './faults.js';
import { bodyLimitOf } from './options.js';
import { requestView } from './view.js';

/** Options of {@link payoutApi}. */
export interface PayoutApiOptions {
  readonly payouts: Payouts;
  /**
   * How long a body may be, in bytes. A body that another middleware has read before is not measured.
   *
   * @default 65536
   */
  readonly bodyLimit?: number | undefined;
}

// Hono has one set of parameters for the whole path: an `:id` of the host's would stand for ours.
const OWN = 'bursar_';

/**
 * Makes the whole payout API, to be mounted under any path. What is none of its paths goes on to the host's own routes.
 *
 * @throws {TypeError} where an option breaks its rule: when the server starts, not at the first request.
 * @example
 * app.route('/v1', payoutApi({ payouts }));
 */
export function payoutApi(options: PayoutApiOptions): Hono {
  const { payouts } = options;
  if (payouts?.context === undefined) throw new TypeError('payouts must be what createPayouts() made');
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  const app = new Hono();
  for (const { path, answer } of payoutApiPaths(payouts)) {
    app.all(path.replaceAll(':', `:${OWN}`), async (c) => {
      const view = { ...requestView(c, bodyLimit), param: (name: string) => c.req.param(`${OWN}${name}`) };
      try {
        return send(c, view, await answer(view));
      } catch (error) {
        throw faultOf(payouts.auth, c, view, error);
      }
    });
  }
  return app;
}

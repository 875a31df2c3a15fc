import { bodyLimitOf, type PayoutApiOptions, payoutApiPaths, payoutsOf } from '@bursar/payouts/http';
import { Hono } from 'hono';
import { send, setHeaders } from './answer.js';
import { faultOf } from './faults.js';
import { requestView } from './view.js';

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
  const payouts = payoutsOf(options);
  const bodyLimit = bodyLimitOf(options.bodyLimit);
  const app = new Hono();
  for (const { path, headers, answer } of payoutApiPaths(payouts, options)) {
    app.all(path.replaceAll(':', `:${OWN}`), async (c) => {
      const view = { ...requestView(c, bodyLimit), param: (name: string) => c.req.param(`${OWN}${name}`) };
      setHeaders(c, headers(view));
      try {
        return send(c, view, await answer(view));
      } catch (error) {
        throw faultOf(payouts.auth, c, view, error);
      }
    });
  }
  return app;
}

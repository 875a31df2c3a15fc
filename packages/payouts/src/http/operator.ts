import { businessOf } from '../options.js';
import type { Payouts } from '../payouts.js';
import type { ApiAnswer } from './answer.js';
import type { ApiRequest } from './route.js';
import { answerCall, namedUser } from './routes.js';
import { routes } from './table.js';

/** Who uses a route of the business without an API key. */
export interface OperatorCall {
  /** `payouts.as(…)` of the operator: for the audit log. */
  readonly payouts: Payouts;
  /** The side of the business. */
  readonly businessId: string;
  /** Who is kept with a decision about a withdrawal, for example `operator:Ada`. */
  readonly actor: string;
}

/** One route of the business, for somebody whom you know by other means than an API key. */
export interface OperatorRoute {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** With `:name` for a parameter, for example `/payout/users/:id`. */
  readonly path: string;
  /**
   * Checks the request as that of an API key is checked, and answers it alike. It asks for no credential: who calls it has
   * made sure who that is, and that they may.
   *
   * @throws {StorageUnavailableError} where storage cannot be asked.
   */
  answer(request: ApiRequest, by: OperatorCall): Promise<ApiAnswer>;
}

/** The routes of the business without their guard: for a dashboard, whose operators sign in. */
export const operatorRoutes: readonly OperatorRoute[] = routes
  .filter(({ credential }) => credential === 'api_key')
  .map((route) => ({
    method: route.method,
    path: route.path,
    async answer(request, { payouts, businessId, actor }) {
      const { context } = payouts;
      const business = await businessOf(context, businessId);
      const call = { request, business, payoutUserId: namedUser(request), actor };
      return answerCall(context, route, call, () => context.caller);
    },
  }));

import { businessRoutes } from './business.js';
import type { Route } from './route.js';
import { userRoutes } from './user.js';
import { businessWithdrawalRoutes } from './withdrawals.js';

/** The table of routes: what is answered, and what the OpenAPI document says. */
export const routes: readonly Route[] = [...businessRoutes, ...businessWithdrawalRoutes, ...userRoutes];

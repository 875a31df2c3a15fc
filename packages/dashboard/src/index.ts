export { type Dashboard, dashboard } from './dashboard.js';
export type { SignInLink } from './operators/links.js';
export type { DashboardOptions, Role, SignedIn, UsageSource } from './options.js';

export { addressNetworks } from './networks.js';
export {
  type RateLimit,
  type RateLimitCounter,
  type RateLimitOptions,
  type RateLimits,
  rateLimits,
} from './rate-limits.js';

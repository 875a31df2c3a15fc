/** What reads what comes from outside, and is not public: for `scripts/fuzz.mjs`. */
export { isPublicAddress } from '../src/address.js';
export { retryAfterSeconds } from '../src/retry.js';
export { checkUrl, hostOf } from '../src/url.js';

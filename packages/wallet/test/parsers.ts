/** What reads what comes from outside, and is not public: for `scripts/fuzz.mjs`. */
export { parseAmount, typedAmount } from '../client/amount.js';
export { readLink } from '../client/link.js';
export { sessionIn } from '../client/session.js';

/** What reads what comes from outside, and is not public: for `scripts/fuzz.mjs`. */
export { pain001 } from '../src/pain-001.js';
export { sepaText } from '../src/sepa-text.js';

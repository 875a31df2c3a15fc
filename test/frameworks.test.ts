/** Requests through each framework: the same answers to the byte. */
import { describe } from 'vitest';
import { describeAnswers } from './http/answers.js';
import { frameworks } from './http/frameworks.js';
import { describePrecedence } from './http/precedence.js';

describe.each(frameworks)('%s', (_, framework) => {
  describeAnswers('the answers', framework);
  describePrecedence('a payout hash', framework);
});

/** The same as `frameworks.test.ts`, on Express 4: whoever imports `express` gets that. */
import installed from 'express';
import { expect, it, vi } from 'vitest';
import { describeAnswers } from './http/answers.js';
import { express } from './http/frameworks.js';
import { describePrecedence } from './http/precedence.js';

// @ts-expect-error: the alias has no types; those of version 5 are near enough for a test
vi.mock('express', () => import('express4'));

describeAnswers('the answers of Express 4', express);
describePrecedence('a payout hash in Express 4', express);

it('is Express 4 that was asked', () => {
  // Express 5 has dropped it.
  expect(installed.application).toHaveProperty('del');
});

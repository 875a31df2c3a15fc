/** The same as `express-5.test.ts`, where whoever imports `express` gets version 4. */
import express from 'express';
import { expect, it, vi } from 'vitest';
import { describeBody } from './suites/body.js';
import { describeFaults } from './suites/faults.js';
import { describeGuards } from './suites/guard.js';
import { describeRouter } from './suites/router.js';

// @ts-expect-error: the alias has no types; those of version 5 are near enough for a test
vi.mock('express', () => import('express4'));

it('is Express 4 that is tested', () => {
  // Express 5 has dropped it.
  expect(express.application).toHaveProperty('del');
});

describeGuards();
describeRouter();
describeBody();
describeFaults();

/** The same as `bad-input.test.ts`, on Express 4: whoever imports `express` gets that. */
import { vi } from 'vitest';
import { describeBadInput } from './bad-input/suite.js';
import { express } from './http/frameworks.js';

// @ts-expect-error: the alias has no types; those of version 5 are near enough for a test
vi.mock('express', () => import('express4'));

describeBadInput('Express 4', express);

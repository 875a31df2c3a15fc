import { type Auth, StorageUnavailableError } from '@bursar/core';
import { expect, it } from 'vitest';
import { faultOf, isFault } from './faults.js';

it('a fault is told once, and nothing of a bug is left to show', () => {
  const told: unknown[] = [];
  const auth = { context: { onError: (error: unknown) => told.push(error) } } as unknown as Auth;
  const bug = new TypeError('a bug with a secret path');
  const fault = faultOf(auth, bug);
  expect([fault.message, fault.stack, fault.cause]).toEqual([
    'Internal server error',
    'Error: Internal server error',
    bug,
  ]);
  expect([faultOf(auth, bug), faultOf(auth, fault)]).toEqual([fault, fault]);
  const away = new StorageUnavailableError(bug);
  expect([faultOf(auth, away), faultOf(auth, away)]).toEqual([away, away]);
  expect(faultOf(auth, 'a text').message).toBe('Internal server error');
  expect(told).toEqual([bug, away, 'a text']);
});

it('an error of the host is no fault of ours', () => {
  expect([isFault(new Error('of the host')), isFault('a text'), isFault(new StorageUnavailableError(null))]).toEqual([
    false,
    false,
    true,
  ]);
});

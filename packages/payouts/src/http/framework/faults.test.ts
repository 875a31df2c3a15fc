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
  expect(faultOf(auth, 'a text')).toMatchObject({
    message: 'Internal server error',
    cause: { message: 'a value that is no error was thrown', cause: 'a text' },
  });
  expect(told).toEqual([bug, away, 'a text']);
});

it('an error of the host is no fault of ours', () => {
  const auth = { context: { onError: () => undefined } } as unknown as Auth;
  const ours = [new StorageUnavailableError(null), faultOf(auth, new Error('a bug'))];
  expect([new Error('of the host'), 'a text', ...ours].map(isFault)).toEqual([false, false, true, true]);
});

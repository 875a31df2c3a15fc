import { describe, expect, it } from 'vitest';
import { type Caller, checkCaller } from './caller.js';

const ANN: Caller = { actorType: 'operator', actorId: 'Ann' };

describe('a caller', () => {
  it.each<Caller>([
    ANN,
    { actorType: 'api_key', actorId: 'key_1', address: '192.0.2.1', requestId: 'req_1' },
    { actorType: 'payout_user', actorId: 'é'.repeat(255), address: null, requestId: null },
    { actorType: 'system', actorId: 'nightly job' },
  ])('may be this: %j', (caller) => {
    expect(checkCaller(caller)).toEqual(caller);
  });

  it.each([
    ['actorType', { ...ANN, actorType: 'root' }],
    ['actorType', { actorId: 'Ann' }],
    ['actorId', { ...ANN, actorId: '' }],
    ['actorId', { ...ANN, actorId: 'a'.repeat(256) }],
    ['actorId', { ...ANN, actorId: 'Ann\u0000' }],
    ['actorId', { ...ANN, actorId: '\ud800' }],
    ['actorId', { ...ANN, actorId: ['Ann'] }],
    ['address', { ...ANN, address: 'a\nb' }],
    ['requestId', { ...ANN, requestId: 7 }],
  ])('is refused for its %s: %j', (field, caller) => {
    expect(() => checkCaller(caller as Caller)).toThrow(new RegExp(`^${field} must be`));
  });

  it('keeps no field that it has besides', () => {
    const given = { ...ANN, apiKey: 'secret' };
    expect(checkCaller(given)).not.toHaveProperty('apiKey');
  });
});

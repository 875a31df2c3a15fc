import { describe, expect, it } from 'vitest';
import { asReason, readAnswer, readEvent } from './answer.js';

describe("a provider's answer", () => {
  it.each(['sent', 'pending', 'refused', 'unknown'])('is read where it says %s', (status) => {
    expect(readAnswer({ status })).toEqual({ status, reference: null, reason: null });
    expect(readAnswer({ status, reference: 'pay_1', reason: 'Because.' })).toEqual({
      status,
      reference: 'pay_1',
      reason: 'Because.',
    });
  });

  it.each([
    undefined,
    null,
    'sent',
    true,
    [],
    {},
    { status: 'SENT' },
    { status: 'returned' },
    { status: 'sent', reference: 7 },
    { status: 'sent', reference: '' },
    { status: 'sent', reference: 'x'.repeat(256) },
    { status: 'sent', reference: 'a\0b' },
    { status: 'sent', reason: { code: 1 } },
    { status: 'sent', reference: { length: { toString: 1 } } },
  ])('is nonsense where it is %j', (answer) => {
    expect(readAnswer(answer)).toBeUndefined();
  });

  it('is one where it has more than we know: providers add fields', () => {
    expect(readAnswer({ status: 'sent', eta: 'soon' })).toMatchObject({ status: 'sent' });
  });

  it('has its words made fit for storage', () => {
    expect(readAnswer({ status: 'refused', reason: ' a\u0000b\ud800c\n' })?.reason).toBe('a b c');
    expect(asReason('x'.repeat(600))).toHaveLength(500);
    expect(asReason(`${'x'.repeat(499)}👍`)).toBe('x'.repeat(499));
  });
});

describe("a provider's event", () => {
  const EVENT = { businessId: 'biz_1', withdrawalId: 'tr_1', status: 'returned' };

  it('names a withdrawal, and may say that it came back', () => {
    expect(readEvent(EVENT)).toEqual({ ...EVENT, reference: null, reason: null });
  });

  it.each([
    { withdrawalId: undefined },
    { withdrawalId: '../x' },
    { withdrawalId: 7 },
    { businessId: null },
    { status: 'x' },
    { reference: { length: { toString: 1 } } },
  ])('is nonsense with %j', (over) => {
    expect(readEvent({ ...EVENT, ...over })).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { type Kept, sessionIn, type TabStorage } from './session.js';

const KEPT: Kept = {
  hash: 'f'.repeat(64),
  order: {
    idempotencyKey: 'k',
    method: 'gift_card',
    amount: 500,
    currency: 'USD',
    destination: { email: 'a@b.example' },
  },
};

function tab(): TabStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>();
  return { items, getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) };
}

describe('the session', () => {
  it('is there after a reload, and is another for another API', () => {
    const storage = tab();
    sessionIn(() => storage, '/v1').write(KEPT);
    expect(sessionIn(() => storage, '/v1').read()).toEqual(KEPT);
    expect(sessionIn(() => storage, '/v2').read()).toBeNull();
  });

  it('forgets the order of another link', () => {
    const storage = tab();
    const session = sessionIn(() => storage, '/v1');
    session.write(KEPT);
    session.write({ hash: 'e'.repeat(64), order: null });
    expect([...storage.items.values()].join()).not.toMatch(/gift_card|fff/);
  });

  it('is in memory alone where the browser refuses storage', () => {
    const session = sessionIn(() => {
      throw new Error('SecurityError');
    }, '/v1');
    expect(session.read()).toBeNull();
    session.write(KEPT);
    expect(session.read()).toEqual(KEPT);
  });

  it.each(['', '7', '[]', '{', '{"hash":"x"}', `{"hash":["${'f'.repeat(64)}"]}`])('takes %j for nothing', (text) => {
    const storage = tab();
    storage.setItem('bursar-wallet /v1', text);
    expect(sessionIn(() => storage, '/v1').read()).toBeNull();
  });

  it.each([
    { idempotencyKey: '' },
    { idempotencyKey: 'a\nb' },
    { method: 7 },
    { amount: 1.5 },
    { currency: 'dollar' },
    { destination: [] },
  ])('takes an order with %j for none', (over) => {
    const storage = tab();
    storage.setItem('bursar-wallet /v1', JSON.stringify({ ...KEPT, order: { ...KEPT.order, ...over } }));
    expect(sessionIn(() => storage, '/v1').read()).toEqual({ ...KEPT, order: null });
  });
});

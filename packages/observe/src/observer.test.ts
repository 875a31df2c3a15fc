import { describe, expect, it } from 'vitest';
import { answered, scene, until } from '../test/scene.js';
import { type Observer, observing } from './observer.js';

/** An observer that notes each call under its name. */
function noting(name: string, seen: string[]): Required<Observer> {
  return {
    onAnswer: ({ status }) => seen.push(`${name} answer ${status}`),
    onSecurityEvent: ({ type }) => void seen.push(`${name} ${type}`),
    onError: (error) => void seen.push(`${name} ${String(error)}`),
    async aroundRequest(_, run) {
      seen.push(`${name} begins`);
      await run();
      seen.push(`${name} ends`);
    },
  };
}

describe('several observers as one', () => {
  it('are each told of everything, the first one outermost', async () => {
    const seen: string[] = [];
    const { send } = await scene(observing(noting('a', seen), noting('b', seen)));
    seen.length = 0;
    await send('GET /balance', { headers: { authorization: 'Bearer wrong' } });
    await until(() => seen.length === 8, 'both are told');
    expect(seen.slice(0, 4)).toEqual(['a begins', 'b begins', 'a credential_refused', 'b credential_refused']);
    expect(seen.slice(4).sort()).toEqual(['a answer 401', 'a ends', 'b answer 401', 'b ends']);
    expect(seen.indexOf('b ends')).toBeLessThan(8);
  });

  it('have only the hooks that one of them has', () => {
    expect(observing()).toEqual({});
    expect(Object.keys(observing({ onAnswer: () => undefined }, {}))).toEqual(['onAnswer']);
  });

  it.each(['a', 'b'])('go on when %s throws, and onError is told', async (faulty) => {
    const seen: string[] = [];
    const bug = new Error('a bug');
    const throwing: Observer = {
      ...noting(faulty, seen),
      onAnswer() {
        throw bug;
      },
    };
    const errors: unknown[] = [];
    const a = faulty === 'a' ? throwing : noting('a', seen);
    const b = faulty === 'b' ? throwing : noting('b', seen);
    const { send } = await scene(observing(a, b, { onError: (error) => void errors.push(error) }));
    expect((await send('GET /balance')).status).toBe(401);
    await until(() => errors.length === 1, 'onError is told');
    expect(errors).toEqual([bug]);
    expect(seen).toContain(`${faulty === 'a' ? 'b' : 'a'} answer 401`);
  });

  it('answer a request once, though one of them never runs it', async () => {
    const observer = observing({ aroundRequest: () => undefined }, { aroundRequest: (_, run) => run() });
    const { send, key } = await scene(observer);
    expect((await send('GET /balance', { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });

  it('tell of what the inner one rejects with', async () => {
    const bug = new Error('a bug');
    const both = observing({ aroundRequest: (_, run) => run() }, { aroundRequest: () => Promise.reject(bug) });
    const run = () => Promise.resolve(answered());
    await expect(both.aroundRequest?.(answered(), run)).rejects.toBe(bug);
  });
});

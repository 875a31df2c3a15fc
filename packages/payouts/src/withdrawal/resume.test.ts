import { describe, expect, it } from 'vitest';
import { until } from '../../test/manual-timers.js';
import { SandboxProvider } from '../../test/sandbox-provider.js';
import { START, withdrawalScene } from '../../test/withdrawal-scene.js';

/** A provider that cannot be asked, and that remembers no keys: what was sent once is not sent again. */
async function blind() {
  const provider = new SandboxProvider(() => START, 0);
  const { check: _, ...method } = provider.method();
  return withdrawalScene({ provider, methods: [method] });
}

describe('what became of a withdrawal, by a provider that cannot be asked', () => {
  it('is left to an operator where the provider was unclear, with what it said', async () => {
    const scene = await blind();
    scene.provider.script.push('unknown');
    const { id } = await scene.order(10);
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'unknown', reason: 'Try later.' });
    await scene.later(86_400);
    expect(await scene.record(id)).toMatchObject({ status: 'unknown', reason: 'Try later.', dueAt: null, attempts: 1 });
    expect(scene.provider.sends).toHaveLength(1);
  });

  it('is left to an operator where the provider works on it, and could be asked before', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('pending');
    const { id } = await scene.order(10);
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'processing', reason: null });
    scene.clock.now += 86_400_000;
    const { check: _, ...method } = scene.provider.method();
    expect(await scene.engine({ methods: [method] }).withdrawals.runDue()).toBe(1);
    const reason = 'Nobody can say what became of it.';
    expect(await scene.record(id)).toMatchObject({ status: 'processing', reason, dueAt: null });
  });
});

describe('what a provider does wrong', () => {
  it.each([
    ['throw', 'The provider could not be reached.', 'connection refused'],
    [
      'nonsense',
      'The provider gave no clear answer.',
      'send of the payout method "card" gave an answer of another form',
    ],
  ] as const)('is told to the team, and to an operator in words of our own: %s', async (behaviour, reason, message) => {
    const scene = await withdrawalScene();
    scene.provider.script.push(behaviour);
    const { id } = await scene.order(10);
    await scene.later(0);
    expect(await scene.record(id)).toMatchObject({ status: 'sending', reason });
    expect(scene.errors).toMatchObject([{ message }]);
  });

  it('is waited for no longer than its time', async () => {
    const scene = await withdrawalScene();
    scene.provider.script.push('hang');
    const { id } = await scene.order(10);
    const worked = scene.later(0);
    await until(() => scene.provider.hanging === 1, 'the provider was called');
    scene.timers.advance(60_000);
    await worked;
    expect(await scene.record(id)).toMatchObject({ status: 'sending', reason: 'The provider did not answer in time.' });
    expect(scene.provider.signals.map(({ reason }) => (reason as Error).message)).toEqual([
      'the provider did not answer in time',
    ]);
    expect(scene.errors).toEqual([]);
  });
});

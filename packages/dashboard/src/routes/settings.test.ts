import { describe, expect, it } from 'vitest';
import { BIZ, scene } from '../../test/scene.js';

describe('settings', () => {
  it('switch the payouts of one side off and on again', async () => {
    const { visit, payouts } = await scene();
    const ada = await visit('Ada', 'owner');
    expect((await ada.ask('PATCH /live/settings', { payouts_enabled: false })).body).toMatchObject({
      payouts_enabled: false,
    });
    const sides = await Promise.all([BIZ, `${BIZ}_test`].map((id) => payouts.auth.businesses.find(id)));
    expect(sides.map((side) => side?.payoutsEnabled)).toEqual([false, true]);
    await ada.ask('PATCH /live/settings', { payouts_enabled: true });
    expect((await payouts.auth.businesses.find(BIZ))?.payoutsEnabled).toBe(true);
  });

  it('have an amount for two people, each side its own', async () => {
    const ada = await (await scene()).visit('Ada', 'owner');
    expect((await ada.ask('PATCH /live/settings', { two_person_over: 0 })).body).toMatchObject({ two_person_over: 0 });
    expect((await ada.ask('GET /test/settings')).body).toMatchObject({ two_person_over: null });
    for (const wrong of [-1, 1.5, '100', 100_000_001]) {
      expect((await ada.ask('PATCH /live/settings', { two_person_over: wrong })).status).toBe(422);
    }
  });
});

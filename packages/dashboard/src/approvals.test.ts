import { describe, expect, it } from 'vitest';
import { BIZ, type Scene, scene } from '../test/scene.js';

async function withLarge(): Promise<{ readonly board: Scene; readonly path: string; readonly id: string }> {
  const board = await scene();
  const owner = await board.visit('Ada', 'owner');
  await owner.ask('PATCH /live/settings', { two_person_over: 60_000 });
  const { id: user } = await board.pay('ann@example.com', 500_000);
  const id = await board.withdraw(user, 60_001);
  return { board, id, path: `/live/payout/withdrawals/${id}` };
}

describe('a withdrawal over the amount for two', () => {
  it('goes when a second person approves it, and not before', async () => {
    const { board, path } = await withLarge();
    const [ada, otto] = [await board.visit('Ada', 'owner'), await board.visit('Otto', 'operator')];
    const first = await ada.ask(`POST ${path}/approve`, {});
    expect([first.status, first.body.status]).toEqual([200, 'review']);
    expect((await otto.ask(`GET ${path}`)).body).toMatchObject({
      status: 'review',
      needs_two: true,
      approval: { name: 'Ada', mine: false },
    });
    expect((await otto.ask(`POST ${path}/approve`, {})).body.status).toBe('queued');
  });

  it('is never approved twice by one person, in two browsers or at the same time', async () => {
    const { board, path, id } = await withLarge();
    const [one, other] = [await board.visit('Ada', 'owner'), await board.visit('ada', 'owner')];
    const answers = await Promise.all([one.ask(`POST ${path}/approve`, {}), other.ask(`POST ${path}/approve`, {})]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await board.payouts.withdrawals.find({ businessId: BIZ, id }))?.status).toBe('review');
  });

  it('goes when two people approve it at the same time', async () => {
    const { board, path, id } = await withLarge();
    const [ada, otto] = [await board.visit('Ada', 'owner'), await board.visit('Otto', 'operator')];
    await Promise.all([ada.ask(`POST ${path}/approve`, {}), otto.ask(`POST ${path}/approve`, {})]);
    expect((await board.payouts.withdrawals.find({ businessId: BIZ, id }))?.status).toBe('queued');
  });

  it('needs a new first approval where the first one has been removed since', async () => {
    const { board, path } = await withLarge();
    const [ada, eve] = [await board.visit('Ada', 'owner'), await board.visit('Eve', 'operator')];
    await eve.ask(`POST ${path}/approve`, {});
    const { body } = await ada.ask('GET /operators');
    const found = body.items.find(({ name }) => name === 'Eve');
    expect((await ada.ask(`DELETE /operators/${found?.id}`)).status).toBe(200);
    expect((await ada.ask(`POST ${path}/approve`, {})).body.status).toBe('review');
  });

  it('has an approval that ends after a week', async () => {
    const { board, path } = await withLarge();
    await (await board.visit('Ada', 'owner')).ask(`POST ${path}/approve`, {});
    board.clock.now += 604_800_000;
    const otto = await board.visit('Otto', 'operator');
    expect((await otto.ask(`POST ${path}/approve`, {})).body.status).toBe('review');
  });
});

describe('a withdrawal up to the amount', () => {
  it('is approved by one person', async () => {
    const board = await scene();
    const owner = await board.visit('Ada', 'owner');
    await owner.ask('PATCH /live/settings', { two_person_over: 60_000 });
    const { id: user } = await board.pay('ann@example.com', 500_000);
    const id = await board.withdraw(user, 60_000);
    expect((await owner.ask(`POST /live/payout/withdrawals/${id}/approve`, {})).body.status).toBe('queued');
  });
});

import { describe, expect, it } from 'vitest';
import { BIZ, scene, visitor } from '../test/scene.js';

describe('a request of another origin', () => {
  it.each([
    ['without the header that only our own page sets', { 'x-bursar-dashboard': '' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['without an origin', { origin: '' }],
    ['that the browser calls foreign', { 'sec-fetch-site': 'cross-site' }],
    ['of a sandboxed frame', { origin: 'null' }],
  ])('is refused: %s', async (_, headers) => {
    const { visit, payouts } = await scene();
    const owner = await visit('Ada', 'owner');
    const answered = await owner.ask('PATCH /live/settings', { payouts_enabled: false }, headers);
    expect([answered.status, answered.body.error]).toEqual([403, 'Forbidden']);
    expect((await payouts.auth.businesses.find(BIZ))?.payoutsEnabled).toBe(true);
  });

  it('cannot read either', async () => {
    const owner = await (await scene()).visit('Ada', 'owner');
    expect((await owner.ask('GET /live/overview', undefined, { 'x-bursar-dashboard': '' })).status).toBe(403);
    expect((await owner.ask('GET /live/overview', undefined, { 'sec-fetch-site': 'same-site' })).status).toBe(403);
  });
});

describe('a visitor', () => {
  it('who is not signed in learns nothing, not even what there is', async () => {
    const { board } = await scene();
    for (const path of ['/live/overview', '/operators', '/nothing', '/session']) {
      const { status, body } = await visitor(board).ask(`GET ${path}`);
      expect([status, body]).toEqual([401, { error: 'Unauthorized', message: 'Sign in first.' }]);
    }
  });

  it('may do what the role includes, and no more', async () => {
    const { visit } = await scene();
    const [viewer, operator] = [await visit('Vera', 'viewer'), await visit('Otto', 'operator')];
    const money = { email: 'ann@example.com', amount: 100 };
    expect((await viewer.ask('GET /live/balance')).body).toEqual({ balance: 3_000_000, payout_balance: 2_000_000 });
    expect((await viewer.ask('POST /live/payout/create', money)).body.message).toBe(
      'Your role is viewer; this needs operator.',
    );
    expect((await operator.ask('POST /live/payout/create', money)).status).toBe(200);
    expect((await operator.ask('POST /live/keys', { name: 'x' }, { 'idempotency-key': 'k' })).status).toBe(403);
    expect((await operator.ask('GET /operators')).status).toBe(403);
    expect((await operator.ask('PATCH /live/settings', { payouts_enabled: false })).status).toBe(403);
  });

  it('sees each side apart, and no third one', async () => {
    const owner = await (await scene()).visit('Ada', 'owner');
    expect((await owner.ask('GET /test/balance')).body).toEqual({ balance: 0, payout_balance: 0 });
    expect((await owner.ask('GET /prod/balance')).status).toBe(404);
    expect((await owner.ask('GET /live/payout/users/%00')).status).toBe(404);
    expect((await owner.ask('GET /live/payout/users/%ff')).status).toBe(404);
    expect((await owner.ask('DELETE /live/balance')).headers.get('allow')).toBe('GET');
  });
});

describe('what is done', () => {
  it('is in the audit log under the name of who did it', async () => {
    const { visit } = await scene();
    const owner = await visit('Ada', 'owner');
    await owner.ask('POST /live/payout/create', { email: 'ann@example.com', amount: 100 });
    await owner.ask('PATCH /live/settings', { payouts_enabled: false });
    const { body } = await owner.ask('GET /live/audit?limit=3');
    expect(body.items.map((entry) => [entry.actor, entry.action])).toEqual([
      ['Ada', 'business.set_payouts_enabled'],
      ['Ada', 'payout.create'],
      ['Ada', 'operator.sign_in'],
    ]);
  });

  it('is done once by a form that is sent twice at the same time', async () => {
    const { visit, payouts } = await scene();
    const owner = await visit('Ada', 'owner');
    const send = () => owner.ask('POST /live/keys', { name: 'Server' }, { 'idempotency-key': 'form-1' });
    const statuses = (await Promise.all([send(), send()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 409]);
    expect(await payouts.auth.apiKeys.list({ businessId: BIZ })).toHaveLength(1);
  });

  it('is not taken from a form that was wrong, which may be sent again when it is right', async () => {
    const owner = await (await scene()).visit('Ada', 'owner');
    const key = { 'idempotency-key': 'form-1' };
    const wrong = await owner.ask('POST /live/keys', { name: ' ', scopes: ['not a scope'] }, key);
    expect([wrong.status, wrong.body]).toEqual([
      422,
      { name: ['The name field is required.'], scopes: ['A scope must be like "payouts:write".'] },
    ]);
    expect((await owner.ask('POST /live/keys', { name: 'Server' }, key)).body.key).toMatch(/^bursar_live_/);
  });
});

describe('a body', () => {
  it('that is too long, of another type or no JSON is refused', async () => {
    const owner = await (await scene()).visit('Ada', 'owner');
    const long = { email: 'x'.repeat(70_000), amount: 1 };
    expect((await owner.ask('POST /live/payout/create', long)).status).toBe(413);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await owner.ask('PATCH /live/settings', { payouts_enabled: false }, form)).status).toBe(415);
    expect((await owner.ask('PATCH /live/settings', [1])).status).toBe(422);
  });
});

import { describe, expect, it } from 'vitest';
import { request } from '../../test/requests.js';
import { scene } from '../../test/scene.js';
import { businessOf } from '../options.js';
import { operationsAnswer } from './operations.js';

describe('operationsAnswer', () => {
  it('is a page of the user whom the call names, whoever asks', async () => {
    const { payouts, endow } = await scene();
    await endow(10);
    const created = await payouts.create({ businessId: 'biz_1', email: 'ann@example.com', amount: 3 });
    if (!created.ok) throw new Error('the payout was refused');
    const business = await businessOf(payouts.context, 'biz_1');
    const call = {
      context: payouts.context,
      business,
      payoutUserId: created.value.payoutUser.id,
      actor: 'payout_user',
      fields: undefined,
      idempotencyKey: undefined,
    };
    expect(await operationsAnswer({ ...call, request: request() })).toMatchObject({
      status: 200,
      body: { items: [{ amount: 3 }], next_cursor: null },
    });
    expect(await operationsAnswer({ ...call, request: request({ query: { cursor: ['a', 'b'] } }) })).toMatchObject({
      status: 422,
      body: { cursor: ['The cursor field may be sent only once.'] },
    });
    expect(await operationsAnswer({ ...call, request: request({ query: { limit: ['0'] } }) })).toMatchObject({
      status: 422,
      body: { limit: ['The limit must be an integer from 1 to 100.'] },
    });
  });
});

import type { Withdrawal } from '@bursar/payouts';
import { type Answer, BUSINESS, type Call, type Command, type Option } from '../command.js';
import { CliError } from '../exit.js';
import { done } from '../outcome.js';
import { businessSide } from '../preconditions.js';
import { list, table, time, wire } from '../print.js';

const REASON: Option = { value: '<text>', about: 'how you know, kept for ever', required: true };

/** Lists withdrawals. */
export const listWithdrawals: Command = {
  name: 'withdrawal list',
  about: 'Lists withdrawals, the newest first, a hundred at a time.',
  operands: [],
  options: {
    business: BUSINESS,
    status: { value: '<status>', about: 'only those that stand there, such as unknown' },
    method: { value: '<id>', about: 'only those by this payout method' },
    user: { value: '<id>', about: 'only those of this payout user' },
    cursor: { value: '<text>', about: 'what the list before has given for the next' },
  },
  async run(call) {
    const payouts = await call.payouts();
    const { id: businessId } = await businessSide(call, payouts);
    const { text } = call;
    const filters = { status: text('status'), method: text('method'), payoutUserId: text('user') };
    const asked = { businessId, ...filters, cursor: text('cursor'), limit: 100 };
    const { items, nextCursor } = done(await payouts.withdrawals.list(asked));
    return {
      json: wire({ items, nextCursor }),
      text:
        table(
          ['ID', 'STATUS', 'AMOUNT', 'FEE', 'CURRENCY', 'METHOD', 'TO', 'USER', 'UPDATED'],
          items.map((each) => [
            each.id,
            each.status,
            each.amount,
            each.fee,
            each.currency,
            each.method,
            each.destinationHint,
            each.payoutUserId,
            time(each.updatedAt),
          ]),
        ) + (nextCursor === null ? '' : `More: --cursor ${nextCursor}\n`),
    };
  },
};

/** It was paid. */
export const settleWithdrawal: Command = {
  name: 'withdrawal settle',
  about: 'Books a withdrawal whose outcome was not known as paid.',
  operands: ['<id>'],
  options: { business: BUSINESS, reason: REASON },
  run: (call) => decide(call, 'settle', 'will be booked as paid'),
};

/** It was not paid. */
export const failWithdrawal: Command = {
  name: 'withdrawal fail',
  about:
    'Gives the money of a withdrawal back to its payout user. Only where it surely was not paid, and never will be.',
  operands: ['<id>'],
  options: { business: BUSINESS, reason: REASON },
  run: (call) => decide(call, 'fail', 'goes back to the payout user, who can withdraw it again'),
};

async function decide(call: Call, decision: 'settle' | 'fail', consequence: string): Promise<Answer> {
  const payouts = await call.payouts();
  const { id: businessId } = await businessSide(call, payouts);
  const [id = ''] = call.operands;
  const found = await payouts.withdrawals.find({ businessId, id });
  if (found === null) throw unknownWithdrawal(id, businessId);
  await call.confirm(
    `${found.amount} ${found.currency} of the withdrawal ${id}, which is ${found.status}: it ${consequence}.`,
  );
  const options = { businessId, id, actor: call.operator, reason: call.needed('reason') };
  const outcome = await payouts.withdrawals[decision](options);
  if (outcome === null) throw unknownWithdrawal(id, businessId);
  return answer(done(outcome));
}

function unknownWithdrawal(id: string, businessId: string): CliError {
  return new CliError('refused', `There is no withdrawal ${id} of ${businessId}.`);
}

function answer(withdrawal: Withdrawal): Answer {
  const { id, status, amount, fee, currency, method, destinationHint, payoutUserId, actor, reason } = withdrawal;
  const shown = { id, status, amount, fee, currency, method, to: destinationHint, user: payoutUserId };
  return { json: wire(withdrawal), text: list({ ...shown, by: actor, reason, updated: time(withdrawal.updatedAt) }) };
}

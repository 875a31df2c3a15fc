import type { PayoutUser } from '@bursar/core';
import type { Payouts, PayoutUserBalance } from '@bursar/payouts';
import { type Answer, BUSINESS, type Call, type Command } from '../command.js';
import { CliError, given } from '../exit.js';
import { businessSide, checkSecret } from '../preconditions.js';
import { list, table, time, wire } from '../print.js';

type Shown = PayoutUser & PayoutUserBalance;

const USER = '<id|email>';

/** Lists payout users. */
export const listUsers: Command = {
  name: 'user list',
  about: 'Lists payout users with what they have, a hundred at a time, in the order of their ids.',
  operands: [],
  options: { business: BUSINESS, after: { value: '<id>', about: 'the last id of the list before' } },
  async run(call) {
    const payouts = await call.payouts();
    const { id: businessId } = await businessSide(call, payouts);
    const page = await payouts.auth.payoutUsers.list({ businessId, after: call.text('after'), limit: 100 });
    const users = await Promise.all(page.map((user) => withBalance(payouts, user)));
    const next = page.length === 100 ? (page.at(-1)?.id ?? null) : null;
    return {
      json: wire({ items: users, after: next }),
      text:
        table(
          ['ID', 'EMAIL', 'STATUS', 'BALANCE', 'PENDING', 'CURRENCY'],
          users.map((user) => [user.id, user.email, user.status, user.balance, user.pending, user.currency]),
        ) + (next === null ? '' : `More: --after ${next}\n`),
    };
  },
};

/** Shows one. */
export const showUser: Command = {
  name: 'user show',
  about: 'Shows a payout user. The hash is shown by nothing but "user reissue".',
  operands: [USER],
  options: { business: BUSINESS },
  async run(call) {
    const { payouts, user } = await named(call);
    return answer(await withBalance(payouts, user));
  },
};

/** Gives one a new hash. */
export const reissueUser: Command = {
  name: 'user reissue',
  about: 'Gives a payout user a new hash, and shows it this once. The old one ends: so is a leaked hash revoked.',
  operands: [USER],
  options: { business: BUSINESS },
  async run(call) {
    const { payouts, user } = await named(call);
    const { businessId, id, generation } = user;
    await checkSecret(payouts);
    await call.confirm(`The hash of ${id} (${user.email}) will end at once.`);
    const reissued = await payouts.auth.payoutUsers.reissue({ businessId, id, expectedGeneration: generation });
    switch (reissued.status) {
      case 'reissued':
      case 'replayed': {
        const { payoutUser, hash } = reissued.issued;
        return {
          json: { ...(wire(payoutUser) as object), hash },
          text: `${list({ id, email: payoutUser.email, generation: payoutUser.generation })}\n${hash}\n\nKeep it out of logs and tickets.\n`,
        };
      }
      case 'closed':
        throw new CliError('refused', `The payout user ${id} is closed, for ever.`);
      case 'generation_changed':
        throw new CliError('refused', 'Somebody else has reissued the hash meanwhile. Nothing was changed.');
      case 'not_found':
        throw unknownUser(id, businessId);
    }
  },
};

/** Lets one in no longer. */
export const disableUser: Command = {
  name: 'user disable',
  about: 'Refuses the hash of a payout user until "user enable". The money stays.',
  operands: [USER],
  options: { business: BUSINESS },
  run: (call) => setStatus(call, 'inactive'),
};

/** Lets one in again. */
export const enableUser: Command = {
  name: 'user enable',
  about: 'Takes "user disable" back.',
  operands: [USER],
  options: { business: BUSINESS },
  run: (call) => setStatus(call, 'active'),
};

async function setStatus(call: Call, status: 'active' | 'inactive'): Promise<Answer> {
  const { payouts, user } = await named(call);
  const { businessId, id } = user;
  const changed = await payouts.auth.payoutUsers.change({ businessId, id, status });
  if (changed.status === 'not_found') throw unknownUser(id, businessId);
  if (changed.status === 'closed') throw new CliError('refused', `The payout user ${id} is closed, for ever.`);
  return answer(await withBalance(payouts, changed.payoutUser));
}

async function named(call: Call): Promise<{ payouts: Payouts; user: PayoutUser }> {
  const payouts = await call.payouts();
  const { id: businessId } = await businessSide(call, payouts);
  const [name = ''] = call.operands;
  const { payoutUsers } = payouts.auth;
  const user = await given(() =>
    name.includes('@')
      ? payoutUsers.findByEmail({ businessId, email: name })
      : payoutUsers.find({ businessId, id: name }),
  );
  if (user === null) throw unknownUser(name, businessId);
  return { payouts, user };
}

function unknownUser(name: string, businessId: string): CliError {
  return new CliError('refused', `There is no payout user ${name} of ${businessId}.`);
}

async function withBalance(payouts: Payouts, user: PayoutUser): Promise<Shown> {
  const { businessId, id: payoutUserId } = user;
  return { ...user, ...(await payouts.payoutUserBalance({ businessId, payoutUserId })) };
}

function answer(user: Shown): Answer {
  const { id, email, status, generation, balance, pending, currency, expiresAt, createdAt } = user;
  const times = { expires: time(expiresAt), created: time(createdAt) };
  return { json: wire(user), text: list({ id, email, status, generation, balance, pending, currency, ...times }) };
}

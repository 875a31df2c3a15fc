import type { Outcome } from '@bursar/payouts';
import fc from 'fast-check';
import { DESTINATION, METHOD } from '../faults/scene.js';
import { held, type Move } from './balances.js';
import { accountOf, expectSame, FEE, type Model, type World } from './world.js';

type Command = fc.AsyncCommand<Model, World>;

/** A command: does the same to both, and compares all balances. */
function command(
  name: string,
  may: (model: Model) => boolean,
  run: (model: Model, world: World) => Promise<void>,
): Command {
  return {
    check: (model) => may(model),
    async run(model, world) {
      await run(model, world);
      await world.compare(model);
    },
    toString: () => name,
  };
}

const always = (): boolean => true;

function expectOutcome(outcome: { readonly ok: boolean } | null, ok: boolean): void {
  expectSame(`the outcome ${JSON.stringify(outcome)}`, outcome?.ok, ok);
}

function deposit(amount: number): Command {
  return command(`deposit ${amount}`, always, async (model, world) => {
    const outcome = await world.ask((key) => world.payouts.deposit({ ...key, amount }));
    expectOutcome(outcome, model.balances.move(['external', 'balance', amount]));
  });
}

function fund(amount: number): Command {
  return command(`fund ${amount}`, always, async (model, world) => {
    const outcome = await world.ask((key) => world.payouts.fund({ ...key, amount }));
    expectOutcome(outcome, model.balances.move(['balance', 'payout_balance', amount]));
  });
}

function create(user: number, amount: number): Command {
  return command(`create ${user} ${amount}`, always, async (model, world) => {
    const email = `user-${user}@example.com`;
    const outcome = await world.ask((key) => world.payouts.create({ ...key, email, amount }));
    const closed = model.users.get(user)?.closed === true;
    expectOutcome(outcome, !closed && model.balances.move(['payout_balance', accountOf(user), amount]));
    if (!outcome.ok) return;
    if (!model.users.has(user)) model.users.set(user, { closed: false });
    world.userIds.set(user, outcome.value.payoutUser.id);
  });
}

const isOpened =
  (user: number) =>
  ({ users }: Model): boolean =>
    users.has(user);

function close(user: number): Command {
  return command(`close ${user}`, isOpened(user), async (model, world) => {
    const id = world.userIds.get(user) ?? '';
    await world.payouts.auth.payoutUsers.change({ businessId: 'biz_1', id, status: 'closed' });
    model.users.set(user, { closed: true });
  });
}

function reclaim(user: number): Command {
  return command(`reclaim ${user}`, isOpened(user), async (model, world) => {
    const payoutUserId = world.userIds.get(user) ?? '';
    const outcome = await world.payouts.reclaim({ businessId: 'biz_1', payoutUserId });
    const left = model.balances.of(accountOf(user));
    const closed = model.users.get(user)?.closed === true;
    expectOutcome(outcome, closed);
    if (outcome?.ok) expectSame('what was reclaimed', outcome.value.amount, left);
    if (closed && left > 0) model.balances.move([accountOf(user), 'payout_balance', left]);
  });
}

function withdraw(user: number, amount: number): Command {
  return command(`withdraw ${user} ${amount}`, isOpened(user), async (model, world) => {
    const payoutUserId = world.userIds.get(user) ?? '';
    const order = { payoutUserId, amount, method: METHOD, destination: DESTINATION };
    const outcome = await world.ask((key) => world.payouts.withdrawals.withdraw({ ...key, ...order }));
    const account = accountOf(user);
    const moves: Move[] = [amount, FEE].map((sum) => [account, held(account), sum]);
    expectOutcome(outcome, model.users.get(user)?.closed === false && model.balances.move(...moves));
    if (!outcome.ok) return;
    model.withdrawals.push({ user, amount, status: 'queued' });
    world.withdrawalIds.push(outcome.value.id);
  });
}

type Decision = 'settle' | 'fail' | 'return';

/** From which state a decision is one, in which it was made before, and what it moves. */
const DECISIONS = {
  settle: { from: 'queued', to: 'succeeded', done: ['succeeded', 'returned'] },
  fail: { from: 'queued', to: 'failed', done: ['failed'] },
  return: { from: 'succeeded', to: 'returned', done: ['returned'] },
} as const satisfies Record<Decision, object>;

function movesOf(decision: Decision, account: string, amount: number): Move[] {
  if (decision === 'return') return [['paid_out', account, amount]];
  const [to, feeTo] = decision === 'settle' ? ['paid_out', 'fees'] : [account, account];
  return [
    [held(account), to, amount],
    [held(account), feeTo, FEE],
  ];
}

function decide(decision: Decision, pick: number): Command {
  const some = ({ withdrawals }: Model): boolean => withdrawals.length > 0;
  return command(`${decision} ${pick}`, some, async (model, world) => {
    const index = pick % model.withdrawals.length;
    const withdrawal = model.withdrawals[index];
    if (withdrawal === undefined) return;
    const id = world.withdrawalIds[index] ?? '';
    const order = { businessId: 'biz_1', id, actor: 'ann', reason: 'The bank says so.' };
    const outcome = await world.payouts.withdrawals[decision](order);
    const { from, to, done } = DECISIONS[decision];
    const decides = withdrawal.status === from;
    expectOutcome(outcome, decides || (done as readonly string[]).includes(withdrawal.status));
    if (!decides) return;
    model.balances.move(...movesOf(decision, accountOf(withdrawal.user), withdrawal.amount));
    withdrawal.status = to;
    expectSame('the status', (outcome as Extract<Outcome<{ status: string }>, { ok: true }>).value.status, to);
  });
}

function hold(amount: number, timeoutSeconds: number): Command {
  return command(`hold ${amount} for ${timeoutSeconds} s`, always, async (model, world) => {
    const id = `hold_${model.holds.length}`;
    const reserved = await world.transfer({ id, phase: 'pending', pendingId: null, timeoutSeconds }, amount);
    const moved = model.balances.move(['balance', held('balance'), amount]);
    expectSame('whether it was reserved', reserved, moved);
    model.holds.push({ amount, expiresAt: model.now + timeoutSeconds * 1000, open: moved });
  });
}

function resolve(phase: 'post' | 'void', pick: number): Command {
  const some = ({ holds }: Model): boolean => holds.length > 0;
  return command(`${phase} ${pick}`, some, async (model, world) => {
    const index = pick % model.holds.length;
    const pending = model.holds[index];
    if (pending === undefined) return;
    const { amount, open, expiresAt } = pending;
    const own = { id: world.name(), phase, pendingId: `hold_${index}`, timeoutSeconds: null };
    const applied = await world.transfer(own, amount);
    const may = open && (phase === 'void' || model.now < expiresAt);
    expectSame(`whether the ${phase} was applied`, applied, may);
    if (!may) return;
    model.balances.move([held('balance'), phase === 'post' ? 'payout_balance' : 'balance', amount]);
    pending.open = false;
  });
}

function expire(): Command {
  return command('expire', always, async (model, world) => {
    const expired = model.holds.filter(({ open, expiresAt }) => open && model.now >= expiresAt);
    expectSame('the number of those that expired', await world.payouts.expireTransfers(), expired.length);
    for (const pending of expired) {
      model.balances.move([held('balance'), 'balance', pending.amount]);
      pending.open = false;
    }
  });
}

/** Time goes on, or the clock is set back. */
function pass(seconds: number): Command {
  return command(`${seconds} s pass`, always, async (model, world) => {
    model.now += seconds * 1000;
    world.clock.now = model.now;
  });
}

/** An earlier request again: the same answer, and nothing moves. */
function again(pick: number): Command {
  return command(`again ${pick}`, always, async (_model, world) => {
    const request = world.requests[pick % Math.max(1, world.requests.length)];
    if (request === undefined) return;
    const { ok, replayed } = await request.send();
    expectSame('the answer to a request that is sent again', ok, request.ok);
    if (ok) expectSame('that it is replayed', replayed, true);
  });
}

const amount = fc.integer({ min: 1, max: 200 });
const user = fc.nat({ max: 2 });
const pick = fc.nat({ max: 30 });

/** Every command, each as likely as it is useful. */
export const anyCommand: fc.Arbitrary<Command>[] = [
  fc.integer({ min: 1, max: 2000 }).map(deposit),
  fc.integer({ min: 1, max: 1000 }).map(fund),
  fc.tuple(user, amount).map(([who, sum]) => create(who, sum)),
  fc.tuple(user, amount).map(([who, sum]) => create(who, sum)),
  fc.tuple(user, amount).map(([who, sum]) => withdraw(who, sum)),
  fc.tuple(user, amount).map(([who, sum]) => withdraw(who, sum)),
  fc.tuple(fc.constantFrom<Decision>('settle', 'fail', 'return'), pick).map(([what, which]) => decide(what, which)),
  fc.tuple(fc.constantFrom<Decision>('settle', 'fail', 'return'), pick).map(([what, which]) => decide(what, which)),
  fc.tuple(amount, fc.integer({ min: 1, max: 100 })).map(([sum, seconds]) => hold(sum, seconds)),
  fc.tuple(fc.constantFrom('post' as const, 'void' as const), pick).map(([phase, which]) => resolve(phase, which)),
  fc.constant(0).map(expire),
  fc.integer({ min: -50, max: 100 }).map(pass),
  pick.map(again),
  user.map(close),
  user.map(reclaim),
];

/** For half of the runs: money for the first payout user, so that less is refused. */
export const funding: readonly Command[] = [deposit(3000), fund(2000), create(0, 1000)];

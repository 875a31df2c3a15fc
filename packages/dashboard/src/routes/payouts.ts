import { notFound } from '@bursar/core';
import { type ApiAnswer, type OperatorRoute, operatorRoutes, refusalAnswer } from '@bursar/payouts/http';
import { answer, refused, time } from '../answers.js';
import { approvalOf, firstApproval, needsTwo, twoPersonOver } from '../approvals.js';
import type { Call, DashboardRoute } from '../route.js';

const APPROVE = '/payout/withdrawals/:id/approve';
const SHOW = '/payout/withdrawals/:id';

/** The routes of the business, the very ones of its API: users, withdrawals, balances, methods. */
export const payoutRoutes: readonly DashboardRoute[] = operatorRoutes.map((route) => ({
  method: route.method,
  path: `/:side${route.path}`,
  needs: route.method === 'GET' ? 'viewer' : 'operator',
  run: runOf(route),
}));

function runOf(route: OperatorRoute): DashboardRoute['run'] {
  const asOperator = ({ request, payouts, businessId, visitor }: Call): Promise<ApiAnswer> =>
    route.answer(request, { payouts, businessId, actor: `operator:${visitor.name}` });
  if (route.path === APPROVE) return (call) => approve(call, asOperator);
  if (route.path === SHOW && route.method === 'GET') return (call) => withApproval(call, asOperator);
  return asOperator;
}

type Run = (call: Call) => Promise<ApiAnswer>;

/** Of two approvals the second one approves; each by another person. */
async function approve(call: Call, run: Run): Promise<ApiAnswer> {
  const id = call.request.param('id') ?? '';
  const withdrawal = await call.payouts.withdrawals.find({ businessId: call.businessId, id });
  if (withdrawal === null) return refusalAnswer(notFound());
  if (withdrawal.status !== 'review' || !needsTwo(await twoPersonOver(call), withdrawal.amount)) return run(call);
  const first = await firstApproval(call, id);
  switch (first.status) {
    case 'noted': {
      const details = { amount: String(withdrawal.amount) };
      const act = { businessId: call.businessId, action: 'withdrawal.first_approval', target: id, details };
      await call.payouts.audit.record(act);
      return answer({ status: 'review', approval: { name: call.visitor.name, mine: true } });
    }
    case 'own':
      return refused(409, 'Conflict', 'You have approved it: another operator has to confirm it.');
    case 'confirmed':
      return run(call);
  }
}

async function withApproval(call: Call, run: Run): Promise<ApiAnswer> {
  const answered = await run(call);
  if (answered.status !== 200) return answered;
  const withdrawal = answered.body as { readonly id: string; readonly status: string; readonly amount: number };
  if (withdrawal.status !== 'review' || !needsTwo(await twoPersonOver(call), withdrawal.amount)) return answered;
  const first = await approvalOf(call, withdrawal.id);
  const approval = first && {
    name: first.body.name,
    at: time(first.createdAt),
    mine: first.body.by === call.visitor.id,
  };
  return { ...answered, body: { ...withdrawal, needs_two: true, approval: approval ?? null } };
}

import type { AuditRecord } from '@bursar/payouts/storage';
import { answerOf, time } from '../answers.js';
import { readPage } from '../page-query.js';
import type { DashboardRoute } from '../route.js';

/** Who did what, newest first. */
export const auditRoute: DashboardRoute = {
  method: 'GET',
  path: '/:side/audit',
  needs: 'viewer',
  async run({ payouts, businessId, request }) {
    const outcome = await payouts.audit.list({ businessId, ...readPage(request) });
    return answerOf(outcome, ({ items, nextCursor }) => ({ items: items.map(auditJson), next_cursor: nextCursor }));
  },
};

function auditJson(record: AuditRecord) {
  return {
    sequence: record.sequence,
    actor_type: record.actorType,
    actor: record.actorId,
    action: record.action,
    target: record.target,
    address: record.address,
    outcome: record.outcome,
    details: record.details,
    at: time(record.createdAt),
  };
}

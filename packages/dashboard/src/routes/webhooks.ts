import { notFound } from '@bursar/core';
import type { Outcome } from '@bursar/payouts';
import { type ApiAnswer, refusalAnswer } from '@bursar/payouts/http';
import { type Delivery, EVENT_TYPES, type WebhookEndpoint, type Webhooks } from '@bursar/webhooks';
import { answer, answerOf, time, timeOrNull } from '../answers.js';
import { readPage } from '../page-query.js';
import type { Call, DashboardRoute } from '../route.js';

/** Endpoints and deliveries of a side. */
export function webhookRoutes(webhooks: Webhooks): readonly DashboardRoute[] {
  const { endpoints, deliveries } = webhooks;
  const route = (
    method: DashboardRoute['method'],
    path: string,
    needs: DashboardRoute['needs'],
    run: (call: Call, named: { businessId: string; id: string }) => Promise<ApiAnswer>,
    once = false,
  ): DashboardRoute => ({
    method,
    path: `/:side/webhooks${path}`,
    needs,
    once,
    run: (call) => run(call, { businessId: call.businessId, id: call.request.param('id') ?? '' }),
  });
  return [
    route('GET', '', 'viewer', async (_, { businessId }) =>
      answer({ items: (await endpoints.list({ businessId })).map(endpointJson), types: EVENT_TYPES }),
    ),
    route(
      'POST',
      '',
      'owner',
      async (call, { businessId }) => {
        const outcome = await endpoints.create({ ...objectOf(call.fields), businessId } as Parameters<
          typeof endpoints.create
        >[0]);
        if (outcome.ok) await noted(call, 'create', outcome.value.endpoint.id);
        return answerOf(outcome, ({ endpoint, secret }) => ({ ...endpointJson(endpoint), secret }));
      },
      true,
    ),
    route('PATCH', '/:id', 'owner', async (call, named) => {
      const outcome = await endpoints.change({ ...objectOf(call.fields), ...named });
      return changed(call, 'change', named.id, outcome);
    }),
    route(
      'POST',
      '/:id/secret',
      'owner',
      async (call, named) => {
        const outcome = await endpoints.rotateSecret(named);
        if (outcome?.ok) await noted(call, 'rotate_secret', named.id);
        return answerOf(outcome, ({ endpoint, secret }) => ({ ...endpointJson(endpoint), secret }));
      },
      true,
    ),
    route('POST', '/:id/disable', 'operator', async (call, named) =>
      changed(call, 'disable', named.id, await endpoints.disable({ ...named, reason: `by ${call.visitor.name}` })),
    ),
    route('POST', '/:id/enable', 'operator', async (call, named) => {
      const endpoint = await endpoints.enable(named);
      return changed(call, 'enable', named.id, endpoint && { ok: true, replayed: false, value: endpoint });
    }),
    route('DELETE', '/:id', 'owner', async (call, named) => {
      if (!(await endpoints.remove(named))) return refusalAnswer(notFound());
      await noted(call, 'remove', named.id);
      return answer({});
    }),
    ...deliveryRoutes(deliveries),
  ];
}

function deliveryRoutes(deliveries: Webhooks['deliveries']): readonly DashboardRoute[] {
  return [
    {
      method: 'GET',
      path: '/:side/deliveries',
      needs: 'viewer',
      async run({ request, businessId }) {
        const [endpointId] = request.query('endpoint');
        const [status] = request.query('status');
        const outcome = await deliveries.list({ businessId, endpointId, status, ...readPage(request) });
        return answerOf(outcome, ({ items, nextCursor }) => ({
          items: items.map(deliveryJson),
          next_cursor: nextCursor,
        }));
      },
    },
    {
      method: 'POST',
      path: '/:side/deliveries/:endpoint/:event/resend',
      needs: 'operator',
      async run(call) {
        const { request, businessId } = call;
        const [endpointId, eventId] = [request.param('endpoint') ?? '', request.param('event') ?? ''];
        const resent = await deliveries.resend({ businessId, endpointId, eventId });
        if (resent === null) return refusalAnswer(notFound());
        await call.payouts.audit.record({
          businessId,
          action: 'webhook_delivery.resend',
          target: endpointId,
          details: { event: eventId },
        });
        return answer(deliveryJson(resent));
      },
    },
  ];
}

async function changed(
  call: Call,
  what: string,
  id: string,
  outcome: Outcome<WebhookEndpoint> | null,
): Promise<ApiAnswer> {
  if (outcome?.ok) await noted(call, what, id);
  return answerOf(outcome, endpointJson);
}

function noted({ payouts, businessId }: Call, what: string, target: string): Promise<void> {
  return payouts.audit.record({ businessId, action: `webhook_endpoint.${what}`, target });
}

// What is no object has no fields: the endpoint's own check says which are missing.
function objectOf(fields: unknown): Readonly<Record<string, unknown>> {
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields) ? { ...fields } : {};
}

function endpointJson(endpoint: WebhookEndpoint) {
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    types: endpoint.types,
    status: endpoint.status,
    disabled_reason: endpoint.disabledReason,
    failing_since: timeOrNull(endpoint.failingSince),
    previous_secret_expires_at: timeOrNull(endpoint.previousSecretExpiresAt),
    created_at: time(endpoint.createdAt),
  };
}

function deliveryJson(delivery: Delivery) {
  return {
    endpoint_id: delivery.endpointId,
    event_id: delivery.eventId,
    status: delivery.status,
    attempts: delivery.attempts,
    due_at: timeOrNull(delivery.dueAt),
    response_status: delivery.responseStatus,
    error: delivery.error,
    created_at: time(delivery.createdAt),
    updated_at: time(delivery.updatedAt),
  };
}

import { notFound } from '@bursar/core';
import type { Outcome } from '@bursar/payouts';
import { type ApiAnswer, refusalAnswer } from '@bursar/payouts/http';
import {
  type CreateEndpointOptions,
  type Delivery,
  type EndpointWithSecret,
  EVENT_TYPES,
  type WebhookEndpoint,
  type Webhooks,
} from '@bursar/webhooks';
import { answer, answerOf, time, timeOrNull } from '../answers.js';
import { readPage } from '../page-query.js';
import type { Call, DashboardRoute } from '../route.js';

/** Endpoints and deliveries of a side. */
export function webhookRoutes(webhooks: Webhooks): readonly DashboardRoute[] {
  return [...endpointRoutes(webhooks), ...secretRoutes(webhooks), ...deliveryRoutes(webhooks)];
}

const ENDPOINTS = '/:side/webhooks';
const ENDPOINT = `${ENDPOINTS}/:id`;

function endpointRoutes({ endpoints }: Webhooks): readonly DashboardRoute[] {
  return [
    {
      method: 'GET',
      path: ENDPOINTS,
      needs: 'viewer',
      async run({ businessId }) {
        return answer({ items: (await endpoints.list({ businessId })).map(endpointJson), types: EVENT_TYPES });
      },
    },
    {
      method: 'PATCH',
      path: ENDPOINT,
      needs: 'owner',
      run: async (call) =>
        changed(call, 'change', await endpoints.change({ ...objectOf(call.fields), ...named(call) })),
    },
    {
      method: 'POST',
      path: `${ENDPOINT}/disable`,
      needs: 'operator',
      async run(call) {
        const reason = `by ${call.visitor.name}`;
        return changed(call, 'disable', await endpoints.disable({ ...named(call), reason }));
      },
    },
    {
      method: 'POST',
      path: `${ENDPOINT}/enable`,
      needs: 'operator',
      async run(call) {
        const endpoint = await endpoints.enable(named(call));
        return changed(call, 'enable', endpoint && { ok: true, replayed: false, value: endpoint });
      },
    },
    {
      method: 'DELETE',
      path: ENDPOINT,
      needs: 'owner',
      async run(call) {
        if (!(await endpoints.remove(named(call)))) return refusalAnswer(notFound());
        await noted(call, 'remove', named(call).id);
        return answer({});
      },
    },
  ];
}

/** What shows a secret, once. */
function secretRoutes({ endpoints }: Webhooks): readonly DashboardRoute[] {
  const shown = async (call: Call, what: string, outcome: Outcome<EndpointWithSecret> | null): Promise<ApiAnswer> => {
    if (outcome?.ok) await noted(call, what, outcome.value.endpoint.id);
    return answerOf(outcome, ({ endpoint, secret }) => ({ ...endpointJson(endpoint), secret }));
  };
  return [
    {
      method: 'POST',
      path: ENDPOINTS,
      needs: 'owner',
      once: true,
      async run(call) {
        // The endpoint's own check says what is wrong with each field.
        const fields = objectOf(call.fields) as unknown as CreateEndpointOptions;
        return shown(call, 'create', await endpoints.create({ ...fields, businessId: call.businessId }));
      },
    },
    {
      method: 'POST',
      path: `${ENDPOINT}/secret`,
      needs: 'owner',
      once: true,
      run: async (call) => shown(call, 'rotate_secret', await endpoints.rotateSecret(named(call))),
    },
  ];
}

function deliveryRoutes({ deliveries }: Webhooks): readonly DashboardRoute[] {
  return [
    {
      method: 'GET',
      path: '/:side/deliveries',
      needs: 'viewer',
      async run({ request, businessId }) {
        const outcome = await deliveries.list({ businessId, ...readPage(request) });
        return answerOf(outcome, (page) => ({ items: page.items.map(deliveryJson), next_cursor: page.nextCursor }));
      },
    },
    {
      method: 'POST',
      path: '/:side/deliveries/:endpoint/:event/resend',
      needs: 'operator',
      async run({ request, businessId, payouts }) {
        const [endpointId, eventId] = [request.param('endpoint') ?? '', request.param('event') ?? ''];
        const resent = await deliveries.resend({ businessId, endpointId, eventId });
        if (resent === null) return refusalAnswer(notFound());
        const act = { businessId, action: 'webhook_delivery.resend', target: endpointId, details: { event: eventId } };
        await payouts.audit.record(act);
        return answer(deliveryJson(resent));
      },
    },
  ];
}

function named({ businessId, request }: Call) {
  return { businessId, id: request.param('id') ?? '' };
}

async function changed(call: Call, what: string, outcome: Outcome<WebhookEndpoint> | null): Promise<ApiAnswer> {
  if (outcome?.ok) await noted(call, what, outcome.value.id);
  return answerOf(outcome, endpointJson);
}

function noted({ payouts, businessId }: Call, what: string, target: string): Promise<void> {
  return payouts.audit.record({ businessId, action: `webhook_endpoint.${what}`, target });
}

// What is no object has no fields.
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

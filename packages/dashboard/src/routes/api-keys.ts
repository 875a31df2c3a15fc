import { type ApiKey, invalidFields, isScope, notFound } from '@bursar/core';
import { checkFields, fieldsOf } from '@bursar/payouts';
import { refusalAnswer } from '@bursar/payouts/http';
import * as z from 'zod';
import { answer, time, timeOrNull } from '../answers.js';
import type { Call, DashboardRoute } from '../route.js';

/** The API keys of a side. */
export const apiKeyRoutes: readonly DashboardRoute[] = [
  { method: 'GET', path: '/:side/keys', needs: 'viewer', run: list },
  { method: 'POST', path: '/:side/keys', needs: 'owner', once: true, run: issue },
  { method: 'POST', path: '/:side/keys/:id/rotate', needs: 'owner', once: true, run: rotate },
  { method: 'DELETE', path: '/:side/keys/:id', needs: 'owner', run: revoke },
];

const PAGE = 50;

/** As long as an old key can be of use to anybody who changes servers. */
const MAX_OVERLAP_S = 2_592_000;

const expiry = z.iso
  .datetime({ offset: true, error: 'The expires_at must be a time in ISO 8601 with its offset, or null.' })
  .nullish();

const issueFields = fieldsOf({
  name: z
    .string({ error: ({ input }) => (input == null ? 'The name field is required.' : 'The name must be a string.') })
    .trim()
    .min(1, 'The name field is required.')
    .max(255, 'The name may not be greater than 255 characters.')
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'The name may not contain control characters or lone surrogates.'),
  kind: z.enum(['secret', 'publishable'], 'The kind must be secret or publishable.').default('secret'),
  scopes: z
    .array(z.string().refine(isScope, 'A scope must be like "payouts:write".'), 'The scopes must be a list.')
    .max(100, 'The scopes may not be more than 100.')
    .optional(),
  expires_at: expiry,
});

const rotateFields = fieldsOf({
  overlap_seconds: z
    .int('The overlap_seconds must be an integer.')
    .min(0, 'The overlap_seconds must be at least 0.')
    .max(MAX_OVERLAP_S, `The overlap_seconds may not be greater than ${MAX_OVERLAP_S}.`),
});

async function list({ payouts, businessId, request }: Call) {
  const [cursor] = request.query('cursor');
  if (cursor !== undefined && !/^[A-Za-z0-9_]{1,64}$/.test(cursor)) {
    return refusalAnswer(invalidFields({ cursor: ['The cursor must be one that a page of this list gave.'] }));
  }
  const found = await payouts.auth.apiKeys.list({ businessId, after: cursor, limit: PAGE + 1 });
  const items = found.slice(0, PAGE);
  return answer({ items: items.map(keyJson), next_cursor: found.length > PAGE ? (items.at(-1)?.id ?? null) : null });
}

/** A key as the page shows it: never the key itself. */
function keyJson(key: ApiKey) {
  return {
    id: key.id,
    name: key.name,
    kind: key.kind,
    scopes: key.scopes,
    allowed_addresses: key.allowedAddresses,
    hint: key.hint,
    created_at: time(key.createdAt),
    expires_at: timeOrNull(key.expiresAt),
    revoked_at: timeOrNull(key.revokedAt),
    last_used_at: timeOrNull(key.lastUsedAt),
    replaced_by: key.replacedBy,
  };
}

async function issue({ payouts, businessId, fields }: Call) {
  const checked = checkFields(issueFields, fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const { name, kind, scopes, expires_at: expires } = checked.value;
  const expiresAt = expires == null ? null : Date.parse(expires);
  if (expiresAt !== null && expiresAt <= payouts.auth.context.now()) {
    return refusalAnswer(invalidFields({ expires_at: ['The expires_at must be in the future.'] }));
  }
  const issued = await payouts.auth.apiKeys.issue({
    businessId,
    name,
    kind,
    expiresAt,
    ...(scopes === undefined ? {} : { scopes }),
  });
  return answer({ ...keyJson(issued.apiKey), key: issued.key });
}

async function rotate({ payouts, businessId, request, fields }: Call) {
  const checked = checkFields(rotateFields, fields);
  if (!checked.ok) return refusalAnswer(checked.error);
  const named = { businessId, id: request.param('id') ?? '' };
  const rotated = await payouts.auth.apiKeys.rotate({ ...named, overlapSeconds: checked.value.overlap_seconds });
  if (rotated.status === 'not_found') return refusalAnswer(notFound());
  if (rotated.status === 'not_rotatable') {
    const why = 'The key is revoked, expired or has been rotated before: make a new one.';
    return refusalAnswer(invalidFields({ overlap_seconds: [why] }));
  }
  return answer({ ...keyJson(rotated.issued.apiKey), key: rotated.issued.key });
}

async function revoke({ payouts, businessId, request }: Call) {
  const revoked = await payouts.auth.apiKeys.revoke({ businessId, id: request.param('id') ?? '' });
  return revoked === null ? refusalAnswer(notFound()) : answer(keyJson(revoked));
}

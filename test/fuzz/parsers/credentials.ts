/** Both credentials, and what is found of them in a request. */
import { parseApiKey, redact, redactText } from '@bursar/core';
import { request } from '../../../packages/payouts/test/requests.js';
import { credentialPattern } from '../../../scripts/credential-pattern.mjs';
import { between } from '../../faults/chance.js';
import { objectLike } from '../json.js';
import { pick, type Random, textLike } from '../mutate.js';
import { type Check, type NamedParser, type Problem, parser } from '../parser.js';
import { type World, world } from './api.js';

const REASONS: readonly string[] = ['malformed', 'unknown', 'revoked', 'expired', 'inactive', 'address'];

const apiKey = parser('API key', async () => {
  const { payouts, keys } = await world();
  return {
    make: (random) => textLike(random, keys),
    parse(text: string): Problem {
      const parsed = parseApiKey(text);
      if (parsed.ok) {
        const { prefix, kind, mode, body, checksum } = parsed;
        const again = `${prefix}${kind === 'publishable' ? '_pub' : ''}_${mode}_${body}${checksum}`;
        if (again !== text) return 'was taken apart into another key';
      }
      const verified = payouts.auth.verifyApiKey(text);
      if (verified instanceof Promise) return 'was not answered at once';
      if (verified.ok) return keys.includes(text) ? undefined : 'was let in';
      if (!REASONS.includes(verified.reason)) return `was refused for ${verified.reason}`;
      return parsed.ok === (verified.reason !== 'malformed') || parsed.ok ? undefined : 'was looked up, and is no key';
    },
  };
});

const payoutHash = parser('payout hash', async () => {
  const { payouts, hash } = await world();
  return {
    make: (random) => textLike(random, [hash]),
    parse(text: string): Problem {
      const verified = payouts.auth.verifyPayoutHash(text);
      if (verified instanceof Promise) return 'was not answered at once';
      if (verified.ok) return text === hash ? undefined : 'was let in';
      const isHash = text.length === 64 && [...text].every((digit) => '0123456789abcdef'.includes(digit));
      return isHash === (verified.reason === 'unknown') ? undefined : `was refused for ${verified.reason}`;
    },
  };
});

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly string[];
  readonly body: string | undefined;
}

function someCredentials(random: Random, { keys, hash }: World): Credentials {
  const schemes = keys.flatMap((key) => [
    `Bearer ${key}`,
    `bearer  ${key}`,
    `Basic ${key}`,
    `Bearer ${key}, Bearer ${key}`,
  ]);
  const headers: [string, string][] = [];
  if (random() < 0.7) headers.push(['authorization', textLike(random, schemes)]);
  if (random() < 0.4) headers.push(['x-payout-hash', textLike(random, [hash, ...keys])]);
  if (random() < 0.2) headers.push(['x-request-id', textLike(random, ['req_1', hash, ...keys])]);
  if (random() < 0.1) headers.push(['origin', textLike(random, ['https://app.example.com'])]);
  const body = random() < 0.3 ? JSON.stringify(objectLike(random, [{ payout_hash: hash }])) : undefined;
  if (body !== undefined) headers.push(['content-type', textLike(random, ['application/json'], 8000)]);
  const query = Array.from({ length: random() < 0.4 ? between(random, 1, 3) : 0 }, () => textLike(random, [hash]));
  return { headers: Object.fromEntries(headers), query, body };
}

const headers = parser('credentials of a request', async () => {
  const there = await world();
  const { guard } = there.payouts.auth;
  return {
    make: (random) => someCredentials(random, there),
    async parse({ headers, query, body }: Credentials): Promise<Problem> {
      const view = request({
        headers,
        query: { payout_hash: query },
        body: body === undefined ? { kind: 'none' } : { kind: 'text', text: body },
      });
      const [byKey, byHash] = [await guard.apiKey(view), await guard.payoutHash(view)];
      if (byKey.ok && !byKey.preflight && !there.keys.some((key) => headers.authorization?.endsWith(key)))
        return 'was let in without a key';
      if (byHash.ok && !byHash.preflight && !JSON.stringify([headers, query, body]).includes(there.hash))
        return 'was let in without a hash';
      for (const { ok, error } of [byKey, byHash] as { ok: boolean; error?: { status: number } }[]) {
        if (!ok && ![400, 401, 403].includes(error?.status ?? 0)) return `was refused with ${error?.status}`;
      }
      return undefined;
    },
  };
});

const redaction = parser('what is redacted', async () => {
  const { keys, hash } = await world();
  const texts = [...keys, hash].flatMap((credential) => [
    credential,
    `GET /payout/balance?payout_hash=${credential}&x=1`,
    `authorization: Bearer ${credential}`,
    `"${credential}"`,
  ]);
  return {
    make: (random): unknown =>
      random() < 0.5 ? textLike(random, texts) : objectLike(random, [{ hash, url: pick(random, texts), list: [keys] }]),
    parse(value: unknown): Check {
      const cleaned = typeof value === 'string' ? redactText(value) : JSON.stringify(redact(value));
      return () => (credentialPattern.test(cleaned) ? 'was not redacted' : undefined);
    },
  };
});

export const credentials: readonly NamedParser[] = [apiKey, payoutHash, headers, redaction];

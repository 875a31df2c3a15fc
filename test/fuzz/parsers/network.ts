/** What other servers and browsers say: URLs and answers of webhooks, providers, pages. */
import { createHmac } from 'node:crypto';
import { bankTransfer } from '@bursar/bank-transfer';
import { payoutUserClient } from '@bursar/client';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, payoutMethod } from '@bursar/payouts';
import { connectProvider } from '../../../examples/host/src/provider.js';
import { parseAmount, readLink, sessionIn, typedAmount } from '../../../packages/wallet/test/parsers.js';
import { checkUrl, hostOf, isPublicAddress, retryAfterSeconds } from '../../../packages/webhooks/test/parsers.js';
import { jsonLike } from '../json.js';
import { pick, textLike } from '../mutate.js';
import { type NamedParser, type Parser, parser } from '../parser.js';
import { BUSINESS, NOW, SECRET, world } from './api.js';
import { dashboardRequest } from './dashboard.js';

const webhookUrl = parser('URL of a webhook', (): Parser<string> => {
  const rules = { allowHttp: false, allowPrivateAddresses: false };
  const samples = [
    ...[
      'https://hooks.example.org/in?x=1',
      'https://93.184.216.34/',
      'https://[2606:2800:220:1::1]:8443/a',
      'https://b\u00fccher.org',
    ],
    ...[
      'https://127.0.0.1',
      'https://0x7f.1',
      'https://2130706433',
      'https://[::ffff:10.0.0.1]',
      'https://localhost.',
      'https://a@b.org',
    ],
    ...[
      'https://169.254.169.254/latest',
      'https://[fd00::1]',
      'https://[64:ff9b::7f00:1]',
      'https://x.internal',
      'http://a.org',
    ],
  ];
  return {
    make: (random) => textLike(random, samples),
    parse(text) {
      const checked = checkUrl(text, rules);
      if ('problem' in checked)
        return checked.problem.startsWith('The url ') ? undefined : 'was refused by another sentence';
      const again = checkUrl(checked.url, rules);
      if (!('url' in again) || again.url !== checked.url)
        return `is another URL when it is read again, than ${checked.url}`;
      const url = new URL(checked.url);
      const host = hostOf(url);
      const isAddress = /^[\d.]+$/.test(host) || host.includes(':');
      if (url.protocol !== 'https:' || url.username !== '') return 'was taken without https, or with a user';
      return isAddress && !isPublicAddress(host) ? `was taken for a public address, ${host}` : undefined;
    },
  };
});

const retryAfter = parser(
  'Retry-After',
  (): Parser<string> => ({
    make: (random) => textLike(random, ['120', 'Wed, 21 Oct 2026 07:28:00 GMT', '2026-01-01', '1e9', '-1']),
    parse(text) {
      const seconds = retryAfterSeconds(text, NOW);
      return Number.isInteger(seconds) && seconds >= 0 && seconds <= 21_600 ? undefined : `was ${seconds} seconds`;
    },
  }),
);

interface Signed {
  readonly body: Buffer;
  readonly signature: string;
}

const providerWebhook = parser('webhook of a provider', (): Parser<Signed> => {
  const signingKey = 'what the provider signs with';
  const origin = 'https://provider.example';
  const provider = connectProvider({
    origin,
    allowedHosts: ['provider.example'],
    token: 't',
    webhookSecret: signingKey,
  });
  const { id, name, schema, minimum, maximum, mask } = bankTransfer({
    currency: 'USD',
    debtor: { name: 'Acme', iban: 'DE89370400440532013000' },
  });
  const method = payoutMethod({
    ...{ id, name, schema, minimum, maximum, mask },
    onWebhook: (webhook) => provider.read(webhook),
  });
  const payouts = createPayouts({
    ...{ storage: memoryStorage(), secret: SECRET, methods: [method], now: () => NOW },
    // What a provider sends and nobody can read is told to the operator: that it is told is the answer.
    onError: () => undefined,
  });
  const samples = [{ id: 'pay_1', status: 'paid', business: BUSINESS, key: 'tr_1', reason: null }];
  const sign = (body: Buffer): string => createHmac('sha256', signingKey).update(body).digest('hex');
  return {
    make(random) {
      const body = Buffer.from(jsonLike(random, samples));
      const signature = sign(body);
      return { body, signature: random() < 0.7 ? signature : textLike(random, [signature], 4000) };
    },
    async parse({ body, signature }) {
      const headers = { 'x-sandbox-signature': signature };
      const outcome = await payouts.withdrawals.webhook(id, { rawBody: body, headers });
      if (!outcome.ok) return undefined;
      const isSigned = signature === sign(body);
      return isSigned && outcome.withdrawals.length === 0 ? undefined : 'was taken with another signature';
    },
  };
});

const sealed = parser('sealed text', async (): Promise<Parser<string>> => {
  const { payouts } = await world();
  const seal = payouts.context.sealFor('webhook_secret');
  const ref = { businessId: BUSINESS, id: 'ep_1' };
  const text = await seal.seal(ref, { secret: 'whsec' });
  return {
    make: (random) => textLike(random, [text]),
    async parse(given) {
      try {
        const opened = await seal.open(ref, given);
        // Base64 may end in bits that mean nothing.
        const isSame = given.slice(0, -1) === text.slice(0, -1) && opened.secret === 'whsec';
        return isSame ? undefined : 'was opened';
      } catch (error) {
        const isKnown = error instanceof Error && /^The secret (?:of webhook endpoint|")/.test(error.message);
        if (!isKnown) throw error;
        return undefined;
      }
    },
  };
});

const answer = parser('answer to the client', (): Parser<{ readonly status: number; readonly text: string }> => {
  const samples = [
    { balance: 1, pending: 0, currency: 'USD' },
    { error: 'Unauthorized', message: 'Payout hash not found or inactive' },
    { amount: ['The amount must be at least 1.'] },
  ];
  let next = { status: 200, text: '' };
  const client = payoutUserClient({
    baseUrl: 'https://api.example.com/v1',
    payoutHash: 'a'.repeat(64),
    maxRetries: 0,
    sleep: () => new Promise(() => undefined),
    fetch: async () => ({ status: next.status, headers: new Headers(), text: async () => next.text }),
  });
  return {
    make: (random) => ({
      status: pick(random, [200, 200, 204, 301, 400, 401, 403, 422, 429, 500, 503, 0, 999]),
      text: jsonLike(random, samples),
    }),
    async parse(given) {
      next = given;
      const result = await client.balance();
      if (!result.ok) return typeof result.error.code === 'string' ? undefined : 'was an error without a code';
      return Number.isSafeInteger(result.value.balance) ? undefined : 'was taken for a balance';
    },
  };
});

const link = parser('link of the wallet', (): Parser<string> => {
  const hash = '0123456789abcdef'.repeat(4);
  return {
    make: (random) => textLike(random, [`#${hash}`, `#hash=${hash}`, '#top', '#hash=']),
    parse(fragment) {
      const found = readLink(fragment);
      if (found.kind !== 'hash') return undefined;
      const again = readLink(`#hash=${found.hash}`);
      return /^[0-9a-f]{64}$/.test(found.hash) && again.kind === 'hash' && again.hash === found.hash
        ? undefined
        : 'is another hash';
    },
  };
});

const typed = parser(
  'typed amount',
  (): Parser<readonly [string, string, string]> => ({
    make: (random) => [
      textLike(random, ['1,234.50', '1.234,50', '12', '0', '\u0661\u0662\u066b\u0665', '1\u202f234,5', '-1'], 4000),
      pick(random, ['USD', 'JPY', 'KWD']),
      pick(random, ['en', 'fr', 'es', 'ar']),
    ],
    parse([text, currency, language]) {
      const amount = parseAmount(text, currency, language);
      if (amount === null) return undefined;
      if (!Number.isSafeInteger(amount) || amount < 0) return `was taken for ${amount}`;
      const again = parseAmount(typedAmount(amount, currency, language), currency, language);
      return again === amount ? undefined : `is ${again} when ${amount} is typed again`;
    },
  }),
);

const tab = parser('what the wallet keeps in the tab', (): Parser<string> => {
  const order = { idempotencyKey: 'k', method: 'm', amount: 1, currency: 'USD', destination: { a: 'b' } };
  let kept = '';
  const session = sessionIn(() => ({ getItem: () => kept, setItem: () => undefined }), '/v1');
  return {
    make: (random) => jsonLike(random, [{ hash: '0123456789abcdef'.repeat(4), order }]),
    parse(text) {
      kept = text;
      const found = session.read();
      return found === null || /^[0-9a-f]{64}$/.test(found.hash) ? undefined : 'was taken for a hash';
    },
  };
});

export const network: readonly NamedParser[] = [
  webhookUrl,
  retryAfter,
  providerWebhook,
  sealed,
  answer,
  link,
  typed,
  tab,
  dashboardRequest,
];

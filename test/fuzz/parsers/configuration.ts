/** What a team configures: a wrong option is refused at start-up, by a sentence that names it. */
import { addressNetworks, rateLimits } from '@bursar/access';
import { type AuthOptions, businessId, createAuth } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import { createPayouts, type PayoutsOptions } from '@bursar/payouts';
import { payoutApiPaths } from '@bursar/payouts/http';
import { createWebhooks } from '@bursar/webhooks';
import { readSettings } from '../../../examples/host/src/settings.js';
import {
  CliError,
  COMMANDS,
  commandOf,
  databaseOf,
  invocationOf,
  secretsOf,
  shownName,
} from '../../../packages/cli/test/parsers.js';
import { between } from '../../faults/chance.js';
import { objectLike, someValue } from '../json.js';
import { HOSTILE, pick, type Random, textLike } from '../mutate.js';
import { type NamedParser, type Parser, type Problem, parser, refusing } from '../parser.js';
import { BUSINESS, NOW, SECRET, world } from './api.js';

type Options = Record<string, unknown>;

/** Whether the sentence is one of ours: what the runtime says of `undefined` helps nobody. */
function sentenceProblem(result: object): Problem {
  if (!('refused' in result)) return undefined;
  const message = String(result.refused);
  if (/^Cannot |is not (?:a function|iterable|an object)|^undefined/.test(message))
    return `was refused by "${message}"`;
  return message.includes(SECRET) ? 'was refused by a sentence with the secret in it' : undefined;
}

const auth = parser('options of authentication', (): Parser<Options> => {
  const storage = memoryStorage();
  const samples: Options[] = [
    { secret: SECRET, prefix: 'acme', realm: 'payouts' },
    { secrets: [{ id: '2026', secret: SECRET }], payoutHashFrom: { body: false, query: true } },
    { secret: SECRET, keyForms: [{ name: 'old', pattern: /^k_/, until: NOW }] },
  ];
  return {
    make: (random) => objectLike(random, samples),
    parse: (options) => sentenceProblem(refusing(TypeError, () => createAuth({ ...options, storage } as AuthOptions))),
  };
});

const payoutsOptions = parser('options of payouts', (): Parser<Options> => {
  const storage = memoryStorage();
  const samples: Options[] = [
    { withdrawals: { limit: { seconds: 86_400, amount: 1 }, holdSeconds: 3600, concurrency: 8 } },
    { withdrawals: { destinationRetentionSeconds: 1 }, ledger: { maxQueue: 10, deadlineMs: 1000 } },
    { events: true, audit: true, methods: [] },
  ];
  return {
    make: (random) => objectLike(random, samples),
    parse: (options) =>
      sentenceProblem(
        refusing(TypeError, () => createPayouts({ ...options, secret: SECRET, storage } as unknown as PayoutsOptions)),
      ),
  };
});

const others = parser('options of limits, webhooks and CORS', async (): Promise<Parser<Options>> => {
  const { payouts } = await world({ events: true });
  const samples: Options[] = [
    { apiKey: { requests: 1, seconds: 1 }, payoutHash: false, refused: { requests: 60, seconds: 60 } },
    { timeoutMs: 1, maxEndpoints: 2, concurrency: 3, concurrencyPerEndpoint: 4, retrySeconds: [1, 2] },
    { origins: ['https://app.example.com'], maxAgeSeconds: 600 },
  ];
  return {
    make: (random) => objectLike(random, samples),
    parse: (options) =>
      [
        refusing(TypeError, () => rateLimits(options)),
        refusing(TypeError, () => createWebhooks({ ...options, payouts })),
        refusing(TypeError, () => payoutApiPaths(payouts, { cors: options as never })),
      ]
        .map(sentenceProblem)
        .find((problem) => problem !== undefined),
  };
});

const ids = parser(
  'business id',
  (): Parser<string> => ({
    make: (random) => textLike(random, ['biz_1', 'biz_1_test', 'Acme Ltd.', 'a:b-c'], 5000),
    parse(text) {
      const read = refusing(TypeError, () => businessId(text));
      if ('refused' in read) return sentenceProblem(read);
      return text.length <= 100 && /^[\x20-\x7e]+$/.test(text) ? undefined : 'was taken';
    },
  }),
);

const networks = parser('network', (): Parser<readonly [string, string]> => {
  const { canonical, contain } = addressNetworks();
  const samples = [
    '192.0.2.0/24',
    '192.0.2.1',
    '2001:db8::/32',
    '::ffff:192.0.2.1',
    '::1',
    'fe80::1%eth0',
    '0.0.0.0/0',
  ];
  return {
    make: (random) => [textLike(random, samples), textLike(random, samples)],
    parse([network, address]) {
      const written = canonical(network);
      if (written === null) return undefined;
      if (canonical(written) !== written) return `is another network when it is written again, than ${written}`;
      contain([written], address);
      const [first = ''] = written.split('/');
      return contain([written], first) ? undefined : 'does not contain its own first address';
    },
  };
});

const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  PORT: ['8787', '0', '65535'],
  BURSAR_METRICS_PORT: ['9464'],
  BURSAR_SECRET: [SECRET],
  BURSAR_SECRETS: [`[{"id":"2026","secret":"${SECRET}"}]`],
  BURSAR_RATE_LIMIT: ['on', 'off'],
  BURSAR_LOG_LEVEL: ['info', 'silent'],
  BURSAR_WEBHOOK_URL: ['https://hooks.example.com/'],
  BURSAR_ORIGIN: ['https://pay.example.com'],
  BURSAR_DATABASE: ['bursar.db', 'postgres://bursar:hunter2-hunter2@db.example.com:5432/bursar?sslmode=verify-full'],
};

function someEnvironment(random: Random): Record<string, string> {
  const names = Object.keys(VARIABLES).filter(() => random() < 0.6);
  return Object.fromEntries(names.map((name) => [name, textLike(random, VARIABLES[name] ?? [], 8000)]));
}

const hostEnvironment = parser(
  'environment of the examples',
  (): Parser<Record<string, string>> => ({
    make: someEnvironment,
    parse(environment) {
      // What it makes of a path is a folder.
      const read = refusing(Error, () => readSettings({ ...environment, BURSAR_DATABASE: ':memory:' }, '.'));
      if ('value' in read) return undefined;
      return Object.keys(VARIABLES).some((name) => read.refused.includes(name))
        ? undefined
        : `was refused by "${read.refused}"`;
    },
  }),
);

const cliEnvironment = parser(
  'environment of the command line',
  (): Parser<Record<string, string>> => ({
    make: someEnvironment,
    parse(environment) {
      const { BURSAR_DATABASE: database = '' } = environment;
      const results = [
        refusing(CliError, () => secretsOf(environment)),
        refusing(CliError, () => databaseOf(undefined, environment)),
        refusing(CliError, () => databaseOf(database, {})),
      ];
      const shown = shownName(database);
      // A file may be called as it likes; what is shown of a server has no password in it.
      const host = URL.canParse(database) ? new URL(database).host : '';
      if (shown !== database && shown.replace(host, '').includes('hunter2-hunter2')) return 'shows a password';
      return results.map(sentenceProblem).find((problem) => problem !== undefined);
    },
  }),
);

const commandLine = parser('command line', (): Parser<readonly string[]> => {
  const options = COMMANDS.flatMap((command) => Object.keys(command.options)).map((name) => `--${name}`);
  const values = [
    'biz_1',
    'user@example.com',
    '2026-01-01T00:00:00Z',
    '--json',
    '--yes',
    '--database',
    'a.db',
    '--',
    '-x',
  ];
  return {
    make: (random) => [
      ...pick(random, COMMANDS).name.split(' '),
      ...Array.from({ length: between(random, 0, 6) }, () => {
        const word = random() < 0.5 ? pick(random, options) : pick(random, values);
        return random() < 0.2 ? textLike(random, [word, `${word}=x`], 2000) : word;
      }),
    ],
    parse(words) {
      const command = commandOf(COMMANDS, words);
      if (command === undefined) return undefined;
      return sentenceProblem(refusing(CliError, () => invocationOf(command, words)));
    },
  };
});

const issuing = parser('options of an API key', async (): Promise<Parser<Options>> => {
  const { payouts } = await world({ networks: addressNetworks() });
  const samples: Options[] = [
    { name: 'server', scopes: ['payouts:write', '*'], kind: 'secret', expiresAt: NOW + 1000 },
    { name: 'shop', kind: 'publishable', allowedAddresses: ['192.0.2.0/24', '2001:db8::1'] },
  ];
  return {
    make: (random) => ({
      ...objectLike(random, samples),
      ...(random() < 0.05 ? { scopes: [someValue(random), pick(random, HOSTILE)] } : {}),
    }),
    async parse(options) {
      try {
        // Of a business that is not there: what is right is not kept.
        await payouts.auth.apiKeys.issue({ ...options, businessId: `${BUSINESS}_unknown` } as never);
      } catch (error) {
        if (error instanceof TypeError) return sentenceProblem({ refused: error.message });
        if (!(error instanceof Error && error.message.includes('does not exist'))) throw error;
      }
      return undefined;
    },
  };
});

export const configuration: readonly NamedParser[] = [
  auth,
  payoutsOptions,
  others,
  issuing,
  ids,
  networks,
  hostEnvironment,
  cliEnvironment,
  commandLine,
];

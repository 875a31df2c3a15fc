import { assertPrefix, DEFAULT_PREFIX } from './api-key/format.js';
import { attempt } from './attempt.js';
import { chain, isPromise } from './chain.js';
import { type Challenges, type CredentialKind, challenges, StorageUnavailableError } from './errors.js';
import type { SecurityEvent, SecurityReport } from './events.js';
import { gather } from './gather.js';
import type { ExtractionOptions } from './payout-hash/extract.js';
import { type NamedSecret, type SecretRing, secretRing } from './payout-hash/secrets.js';
import { perRequest } from './per-request.js';
import { redact } from './redact.js';
import type { RequestView } from './request.js';
import type {
  ApiKeyCredential,
  Awaitable,
  CredentialStorage,
  Digest,
  PayoutUserCredential,
  PayoutUserEmail,
  PayoutUserRecord,
  Timestamp,
} from './storage.js';

/** What a limiter is asked. */
export interface LimiterInput {
  readonly kind: CredentialKind;
  readonly request: RequestView;
  /** Of the presented credential, where it has the right form: a name to count by. */
  readonly digest: Digest | null;
  /** The client's, by the host's own word (`clientAddress`); `null` where it is not known. */
  readonly address: string | null;
}

/** What a limiter answers. `headers` go onto the answer to the request, whatever it will be. */
export type LimiterVerdict =
  | { readonly ok: true; readonly headers?: Readonly<Record<string, string>> | undefined }
  | {
      readonly ok: false;
      /** In whole seconds, for `Retry-After`. */
      readonly retryAfter: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    };

/** Reads addresses and networks, for keys that may be used from some alone: `addressNetworks()` of `@bursar/access`. */
export interface Networks {
  /** A network in its one form, such as `192.0.2.0/24`; `null` where the text is none. */
  canonical(network: string): string | null;
  /** Whether the address is in one of these. */
  contain(networks: readonly string[], address: string): boolean;
}

/** How keys look that were issued before Bursar, and imported by their digests. */
export interface KeyForm {
  /** For people, for example the old system's. */
  readonly name: string;
  /** Of the whole key, at most 512 characters. Without the flags `g` and `y`. */
  readonly pattern: RegExp;
  /** From then on, in milliseconds since 1970, no key of this form is let in. */
  readonly until: Timestamp;
}

/** Set-up of authentication. */
export interface AuthOptions {
  readonly storage: CredentialStorage;
  /** What payout hashes are derived from: at least 32 bytes, the same for ever. */
  readonly secret?: string | Uint8Array;
  /** In place of `secret`, for changing it: the first one makes new hashes, the others keep the old ones working. */
  readonly secrets?: readonly NamedSecret[];
  /** What API keys begin with: 1 to 20 characters, `a-z0-9`, first a letter. @default 'bursar' */
  readonly prefix?: string;
  /** Keys of another form that are let in too, for a time: see `apiKeys.import`. @default none */
  readonly keyForms?: readonly KeyForm[];
  /** Without it no key can have `allowedAddresses`. @default none */
  readonly networks?: Networks;
  /** Names the protection space in challenges. @default 'payouts' */
  readonly realm?: string;
  /** Where a payout hash may stand besides the header. @default { body: true, query: true } */
  readonly payoutHashFrom?: ExtractionOptions;
  /** Asked before each look-up, once a request. @default no limit */
  readonly limiter?: (input: LimiterInput) => Awaitable<LimiterVerdict>;
  /**
   * The host's own word on the address that a request comes from, an IP address; `null` where it is not known. Only the host
   * knows which proxies it has, and so what of a request's headers is true.
   *
   * @default unknown
   * @example
   * clientAddress: ({ raw }) => (raw as express.Request).ip ?? null // by Express' own setting "trust proxy"
   */
  readonly clientAddress?: (request: RequestView) => string | null;
  /** Told of refused credentials and of changes to credentials. Not waited for. @default nobody */
  readonly onSecurityEvent?: (event: SecurityEvent, request: RequestView | null) => void;
  /** Told of faults off the request's way: a last use that could not be kept, a hook that threw. @default console.error */
  readonly onError?: (error: unknown) => void;
  /** The clock, in milliseconds. @default Date.now */
  readonly now?: () => Timestamp;
}

/** The set-up as the parts of authentication share it. */
export interface AuthContext {
  readonly storage: CredentialStorage;
  readonly secrets: SecretRing;
  readonly prefix: string;
  readonly challenges: Challenges;
  readonly payoutHashFrom: ExtractionOptions;
  readonly limiter: AuthOptions['limiter'];
  readonly networks: Networks | undefined;
  readonly keyForms: readonly KeyForm[];
  readonly now: () => Timestamp;
  findApiKey(digest: Digest): Awaitable<ApiKeyCredential | undefined>;
  findPayoutUser(digest: Digest): Awaitable<PayoutUserCredential | undefined>;
  findPayoutUserByEmail(email: PayoutUserEmail): Awaitable<PayoutUserRecord | undefined>;
  openPayoutUser(record: PayoutUserRecord): Awaitable<PayoutUserRecord | undefined>;
  /** The address that a request comes from; `null` where the host does not know it, or gives what is none. */
  clientAddress(request: RequestView): string | null;
  report(event: SecurityReport, request?: RequestView): void;
  onError(error: unknown): void;
}

/** Checks the options, once, at start-up. @throws {TypeError} which names the option and the rule. */
export function authContext(options: AuthOptions): AuthContext {
  const { storage, prefix = DEFAULT_PREFIX, realm = 'payouts', now = Date.now } = options;
  if (typeof storage?.findApiKeys !== 'function') throw new TypeError('storage must be a storage adapter');
  assertPrefix(prefix);
  for (const name of ['limiter', 'clientAddress', 'onSecurityEvent', 'onError', 'now'] as const) {
    const hook: unknown = options[name];
    if (hook !== undefined && typeof hook !== 'function') throw new TypeError(`${name} must be a function`);
  }
  for (const name of ['secrets', 'keyForms'] as const) {
    const list: unknown = options[name];
    if (list !== undefined && !(Array.isArray(list) && list.every(Boolean)))
      throw new TypeError(`${name} must be a list`);
  }
  const { onSecurityEvent = ignore, onError: tell = logError } = options;
  const onError = (error: unknown): void => attempt(() => tell(error), ignore);

  // A request's is asked for by the limiter, the key, the security hook and the audit log; the host is asked once.
  const addresses = perRequest<{ readonly address: string | null }>('bursar.address');
  function clientAddress(request: RequestView): string | null {
    const { clientAddress: ask } = options;
    if (ask === undefined) return null;
    const known = addresses.get(request);
    if (known !== undefined) return known.address;
    const address = attemptAddress(() => ask(request), onError);
    addresses.set(request, { address });
    return address;
  }

  return {
    storage,
    secrets: secretRing(options.secret, options.secrets),
    prefix,
    challenges: challenges(realm),
    payoutHashFrom: options.payoutHashFrom ?? {},
    limiter: options.limiter,
    networks: options.networks,
    keyForms: checkKeyForms(options.keyForms ?? []),
    now,
    findApiKey: gathered(
      (digests) => storage.findApiKeys(digests),
      (digest, { apiKey }) => apiKey.digest === digest,
    ),
    findPayoutUser: gathered(
      (digests) => storage.findPayoutUsers(digests),
      (digest, { payoutUser }) => payoutUser.digest === digest,
    ),
    findPayoutUserByEmail: gathered((emails) => storage.findPayoutUsersByEmail(emails), sameEmail),
    openPayoutUser: gathered((records: readonly PayoutUserRecord[]) => storage.openPayoutUsers(records), sameEmail),
    onError,
    clientAddress,
    report(event, request) {
      const address = request === undefined ? null : clientAddress(request);
      attempt(() => onSecurityEvent({ ...event, address }, request ?? null), onError);
    },
  };
}

function checkKeyForms(forms: readonly KeyForm[]): readonly KeyForm[] {
  for (const { name, pattern, until } of forms) {
    if (!(pattern instanceof RegExp) || pattern.global || pattern.sticky || !Number.isSafeInteger(until)) {
      throw new TypeError(`keyForms: "${name}" must have a pattern without the flags g and y, and a time until`);
    }
  }
  return forms;
}

// IPv4 or IPv6, with the zone that a link-local one may have (RFC 4007). Too short for a credential, which a host that
// believes a header might hand on.
const ADDRESS = /^[\dA-F.:]{2,45}(%\w{1,16})?$/i;

function attemptAddress(ask: () => unknown, onError: (error: unknown) => void): string | null {
  try {
    const address = ask();
    return typeof address === 'string' && ADDRESS.test(address) ? address : null;
  } catch (error) {
    onError(error);
    return null;
  }
}

function logError(error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: the default for a team that configured no hook; silence would hide a fault
  console.error('bursar:', redact(error));
}

function ignore(): void {}

function sameEmail(asked: PayoutUserEmail, found: PayoutUserEmail): boolean {
  return asked.businessId === found.businessId && asked.normalizedEmail === found.normalizedEmail;
}

/**
 * Gathers single calls, and gives every fault of storage one name. `answers` is asked of each record found: a storage
 * that mixes its answers up would let one caller in as another.
 */
function gathered<Input, Output>(
  run: (inputs: readonly Input[]) => Awaitable<readonly (Output | undefined)[]>,
  answers: (input: Input, output: Output) => boolean,
): (input: Input) => Awaitable<Output | undefined> {
  const ask = gather(run, { overloaded: () => new Error('the queue to storage is full') });
  return (input) =>
    orUnavailable(() =>
      chain(ask(input), (output) => {
        if (output !== undefined && !answers(input, output)) {
          throw new Error('storage answered with another record than was asked for');
        }
        return output;
      }),
    );
}

/** Runs a call to storage; what it throws becomes a {@link StorageUnavailableError}. */
export function orUnavailable<Output>(call: () => Awaitable<Output>): Awaitable<Output> {
  try {
    const answer = call();
    return isPromise(answer) ? Promise.resolve(answer).catch(unavailable) : answer;
  } catch (error) {
    return unavailable(error);
  }
}

function unavailable(error: unknown): never {
  throw error instanceof StorageUnavailableError ? error : new StorageUnavailableError(error);
}

import type { Mode } from '../business.js';
import { concealed } from '../conceal.js';
import { type Digest, digest } from '../digest.js';
import { randomBase62, toBase62 } from '../random.js';
import { crc32 } from './crc32.js';

/** What a key may be used for: `secret` on a server, `publishable` in a browser. */
export type ApiKeyKind = 'secret' | 'publishable';

/** The parts of an API key's text. Prints without `body`. */
export interface ParsedApiKey {
  readonly ok: true;
  /** The configured part: `bursar` unless the team chose another. */
  readonly prefix: string;
  readonly kind: ApiKeyKind;
  readonly mode: Mode;
  /** The 32 random characters. */
  readonly body: string;
  /** The 6 characters that follow from all before them. */
  readonly checksum: string;
}

/** A fresh API key. Prints as redacted; `key` is to be shown to its owner once and then forgotten. */
export interface GeneratedApiKey {
  readonly key: string;
  readonly digest: Digest;
  /** For people to tell keys apart: `bursar_live_…a1b2`. */
  readonly hint: string;
  readonly prefix: string;
  readonly kind: ApiKeyKind;
  readonly mode: Mode;
}

/** Choices for {@link generateApiKey}. */
export interface GenerateApiKeyOptions {
  /** 1 to 20 characters, `a-z0-9`, first a letter. @default 'bursar' */
  readonly prefix?: string;
  /** @default 'live' */
  readonly mode?: Mode;
  /** @default 'secret' */
  readonly kind?: ApiKeyKind;
}

/** The prefix of keys unless configured otherwise. */
export const DEFAULT_PREFIX = 'bursar';

const BODY_LENGTH = 32;
const CHECKSUM_LENGTH = 6;
const PREFIX = /^[a-z][a-z0-9]{0,19}$/;

// The longest text that can be a key: prefix, "_pub", "_live_" and what follows.
const MAX_LENGTH = 20 + '_pub'.length + '_live_'.length + BODY_LENGTH + CHECKSUM_LENGTH;

/**
 * The source of a regular expression that finds keys of any prefix in text: for secret scanners. It has no anchors and
 * no flags. A match whose checksum fails ({@link parseApiKey}) is no key.
 */
export const API_KEY_PATTERN = `[a-z][a-z0-9]{0,19}(?:_pub)?_(?:live|test)_[0-9A-Za-z]{${BODY_LENGTH + CHECKSUM_LENGTH}}`;

const KEY = new RegExp(
  `^(${API_KEY_PATTERN.slice(0, API_KEY_PATTERN.indexOf('(?:_pub)'))})(_pub)?_(live|test)_([0-9A-Za-z]{38})$`,
);

/**
 * Takes an API key apart and checks its form and its checksum, without asking storage: a mistyped or made-up key is
 * refused here. `ok: true` says that the text can be a key, not that it is one that was issued.
 */
export function parseApiKey(text: unknown): ParsedApiKey | { readonly ok: false } {
  const match = matchApiKey(text);
  if (match === null) return { ok: false };
  const [, prefix = '', publishable, mode, end = ''] = match;
  return concealed(
    {
      ok: true,
      prefix,
      kind: publishable === undefined ? 'secret' : 'publishable',
      mode: mode as Mode,
      body: end.slice(0, BODY_LENGTH),
      checksum: end.slice(BODY_LENGTH),
    },
    ['body'],
  );
}

/** The configured part of an API key's text, or `null` where the text cannot be a key. */
export function prefixOf(text: unknown): string | null {
  return matchApiKey(text)?.[1] ?? null;
}

function matchApiKey(text: unknown): RegExpExecArray | null {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return null;
  const split = text.length - CHECKSUM_LENGTH;
  const match = KEY.exec(text);
  return match !== null && checksumOf(text.slice(0, split)) === text.slice(split) ? match : null;
}

/**
 * Makes an API key from 190 bits of `crypto.getRandomValues`. It is not kept anywhere: see `auth.apiKeys.issue` for a
 * key that works.
 *
 * @throws {TypeError} where the prefix, the mode or the kind has a wrong form.
 */
export function generateApiKey(options: GenerateApiKeyOptions = {}): GeneratedApiKey {
  const { prefix = DEFAULT_PREFIX, mode = 'live', kind = 'secret' } = options;
  assertPrefix(prefix);
  if (mode !== 'live' && mode !== 'test') throw new TypeError('mode must be "live" or "test"');
  if (kind !== 'secret' && kind !== 'publishable') throw new TypeError('kind must be "secret" or "publishable"');
  const start = `${prefix}${kind === 'publishable' ? '_pub' : ''}_${mode}_`;
  const text = start + randomBase62(BODY_LENGTH);
  const key = text + checksumOf(text);
  const hint = `${start}…${key.slice(-4)}`;
  return concealed({ key, digest: digest(key), hint, prefix, kind, mode }, ['key', 'digest']);
}

/** @throws {TypeError} where a configured prefix has a wrong form. */
export function assertPrefix(prefix: string): void {
  if (typeof prefix !== 'string' || !PREFIX.test(prefix)) {
    throw new TypeError('prefix must be 1 to 20 characters of a-z and 0-9, the first one a letter');
  }
}

function checksumOf(text: string): string {
  return toBase62(crc32(text), CHECKSUM_LENGTH);
}

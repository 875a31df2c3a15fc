/**
 * What the specification says, against what is published: the vectors were computed outside this project, and the error
 * bodies are read from the page's own text.
 */
import { readFileSync } from 'node:fs';
import type * as Core from '@bursar/core';
import { afterEach, describe, expect, it, vi } from 'vitest';

interface Vectors {
  readonly payoutHashes: readonly {
    readonly secretHex: string;
    readonly businessId: string;
    readonly email: string;
    readonly normalizedEmail: string;
    readonly generation: number;
    readonly payoutHash: string;
    readonly storedDigest: string;
  }[];
  readonly apiKeys: readonly {
    readonly prefix: string;
    readonly body: string;
    readonly checksum: string;
    readonly key: string;
    readonly storedDigest: string;
  }[];
  readonly refusedEmails: readonly string[];
}

const specification = (name: string): string => readFileSync(`${import.meta.dirname}/../spec/${name}`, 'utf8');
const vectors = JSON.parse(specification('vectors.json')) as Vectors;
const page = specification('payout-authentication.txt');

/** The package as a runtime loads it that has `node:crypto`, or has not. */
async function load(path: string): Promise<typeof Core> {
  vi.resetModules();
  if (path === 'portable') vi.stubGlobal('process', { ...process, getBuiltinModule: undefined });
  return import('@bursar/core');
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each(['built-in', 'portable'])('the vectors, on the %s path', (path) => {
  it('are there', () => {
    expect(vectors.payoutHashes.length).toBeGreaterThanOrEqual(20);
    expect(vectors.apiKeys.length).toBeGreaterThanOrEqual(5);
    expect(vectors.refusedEmails.length).toBeGreaterThanOrEqual(8);
  });

  it.each(vectors.payoutHashes)(
    'give the payout hash of $email at $businessId, generation $generation',
    async (vector) => {
      const { derivePayoutHash, digest, normalizeEmail, payoutHashDeriver } = await load(path);
      const { businessId, email, generation } = vector;
      const secret = Uint8Array.from(Buffer.from(vector.secretHex, 'hex'));
      expect(normalizeEmail(email)).toBe(vector.normalizedEmail);
      expect(derivePayoutHash({ secret, businessId, email, generation })).toBe(vector.payoutHash);
      const deriver = payoutHashDeriver(secret);
      for (const _ of ['cold', 'warm']) expect(deriver.derive(businessId, email, generation)).toBe(vector.payoutHash);
      expect(digest(vector.payoutHash)).toBe(vector.storedDigest);
    },
  );

  it.each(vectors.apiKeys)(
    'take the API key of $prefix apart',
    async ({ prefix, body, checksum, key, storedDigest }) => {
      const { digest, parseApiKey } = await load(path);
      const parsed = parseApiKey(key);
      if (!parsed.ok) throw new Error('the key is right');
      expect(`${parsed.prefix}${parsed.kind === 'publishable' ? '_pub' : ''}_${parsed.mode}`).toBe(prefix);
      expect(parsed).toMatchObject({ body, checksum });
      expect(digest(key)).toBe(storedDigest);
      const wrong = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`;
      expect(parseApiKey(wrong)).toEqual({ ok: false });
    },
  );

  it.each(vectors.refusedEmails)('refuse to derive from %j', async (email) => {
    const { derivePayoutHash, payoutHashDeriver } = await load(path);
    const secret = '0123456789abcdef0123456789abcdef';
    expect(() => derivePayoutHash({ secret, businessId: 'biz_1', email })).toThrow(TypeError);
    expect(() => payoutHashDeriver(secret).derive('biz_1', email)).toThrow(TypeError);
  });
});

describe('the page', () => {
  /** The JSON under a heading of the section "Error Responses". */
  function bodyUnder(heading: string): unknown {
    const section = page.slice(page.indexOf('\nError Responses\n'));
    const start = section.indexOf(`\n${heading}\n`);
    if (start < 0) throw new Error(`the page has no heading "${heading}"`);
    const from = section.indexOf('{', start);
    return JSON.parse(section.slice(from, section.indexOf('}', from) + 1));
  }

  it.each([
    ['Missing Authentication', 401, (core: typeof Core) => core.challenges('x').missing('api_key')],
    ['Missing Authentication', 401, (core: typeof Core) => core.challenges('x').missing('payout_hash')],
    ['Invalid API Key', 401, (core: typeof Core) => core.challenges('x').invalidApiKey(true)],
    ['Invalid or Inactive Hash', 401, (core: typeof Core) => core.challenges('x').invalidPayoutHash()],
    ['Payouts Disabled', 403, (core: typeof Core) => core.payoutsDisabled()],
  ] as const)('has under "%s" the body that is sent with %i', async (heading, status, make) => {
    const error = make(await load('built-in'));
    expect(JSON.stringify(error.body)).toBe(JSON.stringify(bodyUnder(heading)));
    expect(error.status).toBe(status);
  });
});

import { describe, expect, it } from 'vitest';
import { authorized } from '../../test/requests.js';
import { START, scene } from '../../test/scene.js';
import { digest } from '../digest.js';
import type { KeyForm } from '../options.js';

const OLD = `acme_${'0123456789abcdef'.repeat(2)}`;
const UNTIL = START + 86_400_000;
const acme: KeyForm = { name: 'acme', pattern: /^acme_[0-9a-f]{32}$/, until: UNTIL };

async function imported(keyForms: readonly KeyForm[] = [acme]) {
  const made = await scene({ keyForms });
  const apiKey = await made.auth.apiKeys.import({ businessId: 'biz_1', name: 'old server', digest: digest(OLD) });
  return { ...made, apiKey, ask: (key = OLD) => made.auth.guard.apiKey(authorized(`Bearer ${key}`)) };
}

describe('an imported key', () => {
  it('is let in by its digest, as the key that it is', async () => {
    const { ask, apiKey } = await imported();
    expect(await ask()).toMatchObject({ ok: true, principal: { apiKey: { id: apiKey.id, name: 'old server' } } });
    expect(apiKey.hint).toBe(`${digest(OLD).slice(0, 8)}…`);
  });

  it('is let in until the time of its form, and then no more', async () => {
    const { ask, clock } = await imported();
    clock.now = UNTIL - 1;
    expect(await ask()).toMatchObject({ ok: true });
    clock.now = UNTIL;
    expect(await ask()).toMatchObject({ ok: false, error: { code: 'invalid_api_key' } });
  });

  it('is not let in where its form is not among those allowed', async () => {
    const { ask } = await imported([]);
    expect(await ask()).toMatchObject({ ok: false });
  });

  it('can be revoked, and put in place of by one of our own form', async () => {
    const { ask, auth, apiKey } = await imported();
    const rotated = await auth.apiKeys.rotate({ businessId: 'biz_1', id: apiKey.id, overlapSeconds: 60 });
    expect(rotated).toMatchObject({ status: 'rotated' });
    expect(await ask()).toMatchObject({ ok: true });
    await auth.apiKeys.revoke({ businessId: 'biz_1', id: apiKey.id });
    expect(await ask()).toMatchObject({ ok: false });
  });

  it('costs no look-up where the text has not the whole form', async () => {
    const { ask, storage } = await imported([{ ...acme, pattern: /acme_[0-9a-f]{32}/ }]);
    storage.calls.length = 0;
    for (const text of [`x${OLD}`, `${OLD}x`, OLD.slice(1), 'a'.repeat(600)])
      expect(await ask(text)).toMatchObject({ ok: false });
    expect(storage.count('findApiKeys')).toBe(0);
  });

  it('may have 512 characters, and not one more', async () => {
    const { auth, storage } = await scene({ keyForms: [{ ...acme, pattern: /^a+$/ }] });
    const ask = (key: string) => auth.guard.apiKey(authorized(`Bearer ${key}`));
    for (const length of [512, 513]) {
      const key = 'a'.repeat(length);
      await auth.apiKeys.import({ businessId: 'biz_1', name: 'long', digest: digest(key) });
      expect(await ask(key)).toMatchObject({ ok: length === 512 });
      expect(await auth.verifyApiKey(key)).toMatchObject({ ok: length === 512 });
    }
    expect(storage.count('findApiKeys')).toBe(2);
  });

  it('may have a name of 255 characters, and a hint of 64', async () => {
    const { auth } = await scene({ keyForms: [acme] });
    const longest = { name: 'n'.repeat(255), hint: 'h'.repeat(64) };
    const apiKey = await auth.apiKeys.import({ businessId: 'biz_1', digest: digest(OLD), ...longest });
    expect(apiKey).toMatchObject(longest);
  });

  it('is imported once', async () => {
    const { auth } = await imported();
    await expect(auth.apiKeys.import({ businessId: 'biz_1', name: 'again', digest: digest(OLD) })).rejects.toThrow(
      /or the key is there/,
    );
  });

  it.each([
    [{ digest: OLD }, 'digest must be 64 lower-case hex digits'],
    [{ digest: `0${digest(OLD)}` }, 'digest must be 64 lower-case hex digits'],
    [{ digest: `${digest(OLD)}0` }, 'digest must be 64 lower-case hex digits'],
    [{ digest: digest(OLD), hint: 7 as unknown as string }, 'hint must be at most 64 characters'],
    [{ digest: digest(OLD).toUpperCase() }, 'digest must be 64 lower-case hex digits'],
    [{ digest: digest(OLD), hint: 'x'.repeat(65) }, 'hint must be at most 64 characters'],
    [{ digest: digest(OLD), name: 'n'.repeat(256) }, 'name must be 1 to 255 characters'],
    [{ digest: digest(OLD), name: '' }, 'name must be 1 to 255 characters'],
  ])('is refused by the name of the field: %#', async (wrong, message) => {
    const { auth } = await scene({ keyForms: [acme] });
    await expect(auth.apiKeys.import({ businessId: 'biz_1', name: 'old', ...wrong })).rejects.toThrow(
      new TypeError(message),
    );
  });
});

describe('the form of imported keys', () => {
  it.each([
    { ...acme, pattern: /^acme/g },
    { ...acme, pattern: /^acme/y },
    { ...acme, pattern: '^acme' as unknown as RegExp },
    { ...acme, until: Number.NaN },
  ])('is checked at start-up: %#', async (form) => {
    await expect(scene({ keyForms: [form] })).rejects.toThrow(/^keyForms: "acme" must have a pattern/);
  });
});

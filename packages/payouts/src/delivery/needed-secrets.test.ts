import { describe, expect, it } from 'vitest';
import { neededSecrets } from './needed-secrets.js';

const sealed = (text: string, expiresAt: number | null = null) => ({ sealed: text, expiresAt });

describe('neededSecrets', () => {
  it('names each secret once, with dots and all, until the last of what is sealed with it has ended', () => {
    const secrets = [sealed('v1.b.AAAA', 5), sealed('v1.a.b.c.AA-_'), sealed('v1.b.BBBB', 9), sealed('v1.b.CCCC', 7)];
    expect(neededSecrets(secrets)).toEqual([
      { secretId: 'b', until: 9 },
      { secretId: 'a.b.c', until: null },
    ]);
  });

  it.each([[[null, 5]], [[5, null]]])('needs one without end where one of %j has none', (times) => {
    const secrets = times.map((time) => sealed('v1.a.AAAA', time));
    expect(neededSecrets(secrets)).toEqual([{ secretId: 'a', until: null }]);
  });

  it('passes over what is sealed in another way', () => {
    expect(
      neededSecrets(
        ['', 'v1', 'v2.a.AAAA', 'xv1.a.AAAA', 'v1..AAAA', 'v1.a.$', 'v1.a.AAAA$'].map((text) => sealed(text)),
      ),
    ).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { request } from '../test/requests.js';
import { jsonBody } from './request.js';

describe('jsonBody', () => {
  it('costs a content type full of blanks no more than its length', async () => {
    const time = async (blanks: number): Promise<number> => {
      const texts = [' ', '\t'].map((blank) => `application/json${blank.repeat(blanks)};${blank.repeat(blanks)}x`);
      const start = performance.now();
      for (const text of texts)
        expect(
          await jsonBody(request({ headers: { 'content-type': text }, body: () => ({ kind: 'text', text: '{}' }) })),
        ).toMatchObject({ reason: 'unsupported' });
      return performance.now() - start;
    };
    await time(1000);
    const small = Math.min(await time(4000), await time(4000));
    const large = Math.min(await time(64_000), await time(64_000));
    expect(large).toBeLessThan((small + 1) * 64);
  });
});

import { describe, expect, it } from 'vitest';
import { watchConsole, watchStream } from './watch-output.js';

const KEY = `bursar_pub_test_${'aB3'.repeat(12)}xy`;
const HASH = '0123456789abcdef'.repeat(4);

function printed(chunk: string | Uint8Array): { problems: string[]; written: unknown[] } {
  const problems: string[] = [];
  const written: unknown[] = [];
  const stream = { write: (part: unknown) => written.push(part) > 0 };
  watchStream(stream as never, (problem) => problems.push(problem));
  stream.write(chunk);
  return { problems, written };
}

describe('what fails a test', () => {
  it('is any call of the console, named with its place', () => {
    const problems: string[] = [];
    const fake = { ...console };
    watchConsole(fake, (problem) => problems.push(problem));
    fake.warn('careful');
    fake.table([]);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^console\.warn was called at .*watch-output\.test\.ts/);
  });

  it.each([
    ['an API key', `the key is ${KEY}.`],
    ['a hash in a URL', `/payout/balance?payout_hash=${HASH}&x`],
    ['bytes that hold a hash', Buffer.from(`"${HASH.toUpperCase()}"`)],
  ])('is %s on a stream', (_, chunk) => {
    const { problems, written } = printed(chunk);
    expect(written).toEqual([chunk]);
    expect(problems).toEqual([expect.stringMatching(/^a credential .* was printed at /)]);
    expect(problems.join()).not.toContain(HASH);
  });

  it.each([
    ['63 digits', HASH.slice(1)],
    ['65 digits', `${HASH}0`],
    ['a prefix alone', 'bursar_live_…wxyz'],
  ])('is not %s', (_, chunk) => {
    expect(printed(chunk).problems).toEqual([]);
  });
});

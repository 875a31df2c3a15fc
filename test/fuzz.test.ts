/** The parsers, on some inputs each; `node scripts/fuzz.mjs` runs them in full. */
import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.js';
import { textLike } from './fuzz/mutate.js';
import { type Parser, parser } from './fuzz/parser.js';
import { PARSERS } from './fuzz/parsers.js';

// Five times that of the command: here other tests run at the same time.
const SHORT = { inputs: 10_000, seed: 20_261_125, limitMs: 50 };

describe('nothing that comes from outside is taken wrongly, throws, or takes long', () => {
  it.each(PARSERS.map((each) => [each.name, each] as const))('%s', { timeout: 60_000 }, async (_, each) => {
    expect((await fuzz(each, SHORT)).problems).toEqual([]);
  });
});

describe('the fuzzer notices', () => {
  const texts = (parse: (text: string) => ReturnType<Parser<string>['parse']>) =>
    parser('planted', (): Parser<string> => ({ make: (random) => textLike(random, ['{"a":[1,"b"]}']), parse }));
  const SAMPLE = { inputs: 300, seed: 7 };

  it('a parser that throws, with an input that throws again by its number', async () => {
    const planted = texts((text) => void JSON.parse(text));
    const { line, problems } = await fuzz(planted, SAMPLE);
    expect(line).toMatch(/^planted: 300 inputs, seed 7: [1-9]\d* uncaught, 0 taken wrongly, 0 slower/);
    const [, index] = /input (\d+) of seed 7 threw SyntaxError/.exec(problems[0] ?? '') ?? [];
    const again = await fuzz(planted, { seed: 7, first: Number(index), inputs: 1 });
    expect(again.problems).toHaveLength(1);
  });

  it('a parser that rejects, and one that takes what it should not', async () => {
    expect(
      (
        await fuzz(
          texts((text) => Promise.reject(new Error(text))),
          SAMPLE,
        )
      ).line,
    ).toContain(' 300 uncaught');
    expect(
      (
        await fuzz(
          texts(() => () => 'was taken'),
          SAMPLE,
        )
      ).line,
    ).toContain(' 300 taken wrongly');
  });

  it('a regular expression that takes twice as long for each character more', async () => {
    const planted = parser('planted', () => ({
      make: () => `${'a'.repeat(21)}!`,
      parse: (text) => void /^(?:a+)+$/.test(text),
    }));
    const { line, problems } = await fuzz(planted, { inputs: 1, seed: 7, limitMs: 5 });
    expect(line).toContain(' 1 slower than 5 ms');
    expect(problems.join()).toMatch(/took \d+\.\d ms/);
  });

  it('no slowness of its own checks, nor a pause that does not come again', async () => {
    let paused = false;
    const wait = (ms: number): void => {
      const end = performance.now() + ms;
      while (performance.now() < end);
    };
    const planted = texts(() => {
      if (!paused) wait(30);
      paused = true;
      return () => wait(0.2) as undefined;
    });
    expect((await fuzz(planted, { ...SAMPLE, limitMs: 20 })).problems).toEqual([]);
  });

  it('and prints no credential, and nothing that a terminal would obey', async () => {
    const key = 'bursar_live_0123456789ABCDEFGHIJKLMNOPQRSTUV39zPue';
    const planted = parser('planted', () => ({ make: () => `\u001b[2J${key}\u202e`, parse: () => 'was taken' }));
    const [problem = ''] = (await fuzz(planted, { inputs: 1, seed: 1 })).problems;
    expect(problem).toMatch(/^[\x20-\x7e]+$/);
    expect(problem).not.toContain(key);
  });
});

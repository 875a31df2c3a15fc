import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ask, bar } from './terminal.js';

function streams() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, output, shown: () => String(output.read()) };
}

describe('a question', () => {
  it.each([
    ['y', true],
    ['n', false],
    ['\r', false],
    ['\u0003', false],
  ])('that is answered with %j is %s', async (key, expected) => {
    const { input, output, shown } = streams();
    const answered = ask('Go on?', input, output);
    input.write(key);
    expect(await answered).toBe(expected);
    expect(shown()).toContain('Go on?');
  });
});

describe('a bar', () => {
  it('says at its end how much was done', () => {
    const { output, shown } = streams();
    const drawn = bar('Importing', 1000, output);
    for (let done = 1; done <= 700; done++) drawn.at(done);
    drawn.end();
    expect(shown()).toContain('Importing: 700 of 1000');
  });

  it('of nothing ends', () => {
    const { output, shown } = streams();
    bar('Importing', 0, output).end();
    expect(shown()).toContain('0 of 0');
  });
});

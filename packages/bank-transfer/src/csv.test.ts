import { describe, expect, it } from 'vitest';
import { csv } from './csv.js';

describe('csv', () => {
  it('quotes every cell, and ends each row with CRLF', () => {
    expect(
      csv([
        ['a', 'b "c"'],
        ['d,e', 'f\r\ng'],
      ]),
    ).toBe('"a","b ""c"""\r\n"d,e","f\r\ng"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '  =1', '\t=1', '\r=1', '|x', '\u0000=1'])('makes %j a text', (text) => {
    expect(csv([[text]])).toBe(`"'${text}"\r\n`);
  });

  it.each(['1234.50', 'A=1', 'a-b', '', 'x@example.com'])('leaves %j', (text) => {
    expect(csv([[text]])).toBe(`"${text}"\r\n`);
  });
});

import { describe, expect, it } from 'vitest';
import { csvRow } from './csv.js';

describe('a row', () => {
  it('has every cell quoted, and ends with CRLF', () => {
    expect(csvRow(['a', 5, null, 'b "c", d\ne'])).toBe('"a","5","","b ""c"", d\ne"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '|calc', '  =1+1', '\t=1', '\r1', '\n1', '\0=1'])(
    'has %j as text',
    (formula) => {
      expect(csvRow([formula])).toBe(`"'${formula}"\r\n`);
    },
  );

  it.each(['1234.50', 'A=1', 'a-b', '', 'x@example.com'])('leaves %j', (text) => {
    expect(csvRow([text])).toBe(`"${text}"\r\n`);
  });
});

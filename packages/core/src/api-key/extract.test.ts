import { describe, expect, it } from 'vitest';
import { authorized, request } from '../../test/requests.js';
import { extractBearer } from './extract.js';

const KEY = 'bursar_live_0123456789ABCDEFGHIJKLMNOPQRSTUV39zPue';
const MALFORMED = { found: true, token: '' };
const OTHER = { found: 'other' };

describe('extractBearer', () => {
  it('finds nothing without a header, or in an empty one', () => {
    expect(extractBearer(request())).toEqual({ found: false });
    expect(extractBearer(authorized(''))).toEqual({ found: false });
  });

  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('takes the scheme as %s: RFC 9110, section 11.1', (scheme) => {
    expect(extractBearer(authorized(`${scheme} ${KEY}`))).toEqual({ found: true, token: KEY });
  });

  it('takes more than one space', () => {
    expect(extractBearer(authorized(`Bearer   ${KEY}`))).toEqual({ found: true, token: KEY });
  });

  it.each([
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['the scheme alone', 'Bearer'],
    ['the scheme and blanks', 'Bearer   '],
    ['the key alone', KEY],
    ['a scheme that begins like ours', `BearerX ${KEY}`],
    ['no space', `Bearer${KEY}`],
    ['a colon', `Bearer: ${KEY}`],
    ['a blank before', ` Bearer ${KEY}`],
    ['a dotted capital I', `Bearer\u0130 ${KEY}`],
    ['a non-breaking space', `Bearer\u00a0${KEY}`],
  ])('sees no bearer token in %s', (_, header) => {
    expect(extractBearer(authorized(header))).toEqual(OTHER);
  });

  it.each([
    ['two tokens', `Bearer ${KEY} ${KEY}`],
    ['two tokens behind three blanks', `Bearer   ${KEY} ${KEY}`],
    ['a tab', `Bearer\t${KEY}`],
    ['a header sent twice, joined by a comma', `Bearer ${KEY}, Bearer ${KEY}`],
    ['a comma behind', `Bearer ${KEY},`],
    ['a blank behind', `Bearer ${KEY} `],
    ['parameters', `Bearer ${KEY}, realm="x"`],
    ['a line break behind', `Bearer ${KEY}\n`],
  ])('sees a wrong bearer token in %s', (_, header) => {
    expect(extractBearer(authorized(header))).toEqual(MALFORMED);
  });

  it('takes a key as long as an imported one may be, and none that is longer', () => {
    expect(extractBearer(authorized(`Bearer ${'1'.repeat(512)}`))).toEqual({ found: true, token: '1'.repeat(512) });
    expect(extractBearer(authorized(`Bearer ${'1'.repeat(513)}`))).toEqual(MALFORMED);
  });

  it('does not look through what is longer than any key', () => {
    expect(extractBearer(authorized(`Bearer ${'1'.repeat(5000)}`))).toEqual(MALFORMED);
    expect(extractBearer(authorized(`Basic ${'1'.repeat(5000)}`))).toEqual(OTHER);
    expect(extractBearer(authorized(`Bearer${' '.repeat(100_000)}${KEY}`))).toEqual(OTHER);
  });
});

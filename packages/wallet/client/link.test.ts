import { describe, expect, it } from 'vitest';
import { readLink, takeLink } from './link.js';

const HASH = '0123456789abcdef'.repeat(4);

describe('a link', () => {
  it.each([`#${HASH}`, `#hash=${HASH}`, `#${HASH.toUpperCase()}`, `#HASH=${HASH} `])(
    'has a payout hash: %s',
    (link) => {
      expect(readLink(link)).toEqual({ kind: 'hash', hash: HASH });
    },
  );

  it.each([`#${HASH.slice(1)}`, `#${HASH}0`, `#hash=`, '#hash=x', `#hash=${HASH}&x=1`, `#${HASH.slice(0, 20)}…`])(
    'was cut off or changed: %s',
    (link) => {
      expect(readLink(link)).toEqual({ kind: 'broken' });
    },
  );

  it.each(['', '#', '#top', '#/withdrawals/1', '#deadbeef'])('is the page’s own: %s', (link) => {
    expect(readLink(link)).toEqual({ kind: 'none' });
  });
});

describe('the address bar', () => {
  function barWith(hash: string) {
    const urls: string[] = [];
    const state = { of: 'the page' };
    const history = {
      state,
      replaceState(kept: unknown, _: '', url: string) {
        expect(kept).toBe(state);
        urls.push(url);
      },
    };
    return { urls, bar: { location: { hash, pathname: '/wallet', search: '?from=mail' }, history } };
  }

  it.each([`#${HASH}`, '#hash=cut'])('loses %s, and keeps the rest', (hash) => {
    const { bar, urls } = barWith(hash);
    takeLink(bar);
    expect(urls).toEqual(['/wallet?from=mail']);
  });

  it('keeps what is the page’s own', () => {
    const { bar, urls } = barWith('#top');
    expect([takeLink(bar), urls]).toEqual([{ kind: 'none' }, []]);
  });
});

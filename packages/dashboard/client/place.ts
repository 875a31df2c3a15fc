/**
 * Where the page is: `<mount>/<side>/<page>/<id>`.
 *
 * @module
 */
import { useEffect, useState } from 'preact/hooks';

/** The folder that the dashboard is mounted under. */
export const mount = told('bursar-path');

/** Where people sign in: `own`, the URL of the application around this, or `''`. */
export const signInPlace = told('bursar-sign-in');

function told(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? '';
}

/** The two ledgers of a business. */
export type Side = 'live' | 'test';

/** A page, and what of it is shown. */
export interface Place {
  readonly side: Side;
  readonly page: string;
  readonly id: string | undefined;
  /** What is behind `?`. */
  readonly query: URLSearchParams;
}

/** The place that a URL names. */
function placeOf({ pathname, search }: Pick<URL, 'pathname' | 'search'>): Place {
  const [first = '', ...rest] = pathname.slice(mount.length).split('/').filter(Boolean).map(decodeURIComponent);
  const side = first === 'test' ? 'test' : 'live';
  const [page = 'overview', id] = first === 'live' || first === 'test' ? rest : [first || 'overview', ...rest];
  return { side, page, id, query: new URLSearchParams(search) };
}

/** The URL of a page of a side. */
export function urlOf(side: Side, page: string, id?: string): string {
  return [mount, side, page, ...(id === undefined ? [] : [encodeURIComponent(id)])].join('/');
}

/** Goes somewhere within the dashboard. */
export function go(url: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Follows the address bar. */
export function usePlace(): Place {
  const [place, setPlace] = useState(() => placeOf(location));
  useEffect(() => {
    const follow = () => setPlace(placeOf(location));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  return place;
}

/** Lets links within the dashboard change the page without loading it again. */
export function followLinks(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest('a');
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.origin !== location.origin || !link.pathname.startsWith(`${mount}/`)) return;
  event.preventDefault();
  go(link.href);
}

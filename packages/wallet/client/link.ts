/** What a link says after its `#`, which a browser sends to no server. */
export type FoundInLink =
  /** Nothing of ours: the page's own business. */
  | { readonly kind: 'none' }
  | { readonly kind: 'hash'; readonly hash: string }
  /** It was to be a payout hash, and is none: a link that was cut off. */
  | { readonly kind: 'broken' };

const HASH = /^[0-9a-f]{64}$/i;

/**
 * Reads `#<64 hexadecimal digits>` or `#hash=<the same>`. What has another form but is plainly a part of a payout hash is
 * said to be broken, and has to leave the address bar too.
 */
export function readLink(fragment: string): FoundInLink {
  const text = fragment.replace(/^#/, '');
  const named = /^hash=(.*)$/i.exec(text);
  const hash = (named?.[1] ?? text).trim();
  if (HASH.test(hash)) return { kind: 'hash', hash: hash.toLowerCase() };
  return named !== null || /^[0-9a-f]{16,}\W*$/i.test(hash) ? { kind: 'broken' } : { kind: 'none' };
}

/** As much of a window as the link is in. */
export interface AddressBar {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { readonly state: unknown; replaceState(state: unknown, unused: '', url: string): void };
}

/** Reads the link, and takes what it says out of the address bar and the history of the tab at once. */
export function takeLink({ location, history }: AddressBar): FoundInLink {
  const found = readLink(location.hash);
  if (found.kind !== 'none') history.replaceState(history.state, '', location.pathname + location.search);
  return found;
}

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask } from './ask.js';

/** What a page shows, while it comes and when it is there. */
export interface Loaded<Body> {
  readonly body: Body | undefined;
  /** Why there is nothing. */
  readonly problem: string | undefined;
  reload(): void;
}

/** Loads what a path answers, and again when the path changes. What was there stays until the next is. */
export function useLoad<Body>(path: string): Loaded<Body> {
  const [state, setState] = useState<{ path: string; body?: Body; problem?: string }>({ path });
  const [turn, setTurn] = useState(0);
  // `turn` asks again.
  useEffect(() => {
    let isCurrent = true;
    void ask<Body>(`GET ${path}`).then((reply) => {
      if (isCurrent) setState(reply.ok ? { path, body: reply.body } : { path, problem: problemOf(reply) });
    });
    return () => {
      isCurrent = false;
    };
  }, [path, turn]);
  const isCurrent = state.path === path;
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { body: isCurrent ? state.body : undefined, problem: isCurrent ? state.problem : undefined, reload };
}

/** A list that is read page by page. */
export interface Listed<Item> {
  readonly items: readonly Item[] | undefined;
  readonly problem: string | undefined;
  /** Reads the next page; `undefined` where there is none. */
  readonly more: (() => void) | undefined;
  reload(): void;
}

interface PageOf<Item> {
  readonly items: readonly Item[];
  readonly next_cursor?: string | null;
}

/** Loads a list. `path` may have a query. */
export function usePages<Item>(path: string): Listed<Item> {
  const first = useLoad<PageOf<Item>>(path);
  const [later, setLater] = useState<{ first: unknown; pages: readonly PageOf<Item>[] }>({ first: null, pages: [] });
  const isReading = useRef(false);
  const pages = first.body === undefined ? [] : [first.body, ...(later.first === first.body ? later.pages : [])];
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const more = async () => {
    if (isReading.current || cursor === null) return;
    isReading.current = true;
    const separator = path.includes('?') ? '&' : '?';
    const reply = await ask<PageOf<Item>>(`GET ${path}${separator}cursor=${encodeURIComponent(cursor)}`);
    isReading.current = false;
    if (reply.ok) setLater({ first: first.body, pages: [...pages.slice(1), reply.body] });
  };
  return {
    items: first.body === undefined ? undefined : pages.flatMap(({ items }) => items),
    problem: first.problem,
    more: cursor === null ? undefined : () => void more(),
    reload: first.reload,
  };
}

function problemOf({
  message,
  fields,
}: {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}) {
  const told = Object.values(fields).flat();
  return told.length > 0 ? told.join(' ') : message;
}

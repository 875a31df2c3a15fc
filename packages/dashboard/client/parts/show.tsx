import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { dayAndTime, words } from '../text.js';

/** Text of somebody else: it may hold marks of direction, which end with it. */
export function Foreign({ children }: { readonly children: string }) {
  return <bdi>{children}</bdi>;
}

/** A time; a dash for none. */
export function When({ at }: { readonly at: string | null }) {
  if (at === null) return <span class="none">–</span>;
  const [day, time] = dayAndTime(at);
  return (
    <time dateTime={at}>
      <span class="whole">{day}</span> <span class="whole">{time}</span>
    </time>
  );
}

const TONES: Readonly<Record<string, string>> = {
  active: 'good',
  succeeded: 'good',
  enabled: 'good',
  ok: 'good',
  review: 'wait',
  unknown: 'bad',
  failed: 'bad',
  rejected: 'bad',
  returned: 'bad',
  revoked: 'bad',
  closed: 'bad',
  disabled: 'bad',
};

/** How something stands, in a word and a colour. */
export function Status({ of }: { readonly of: string }) {
  return <span class={`status ${TONES[of] ?? 'neutral'}`}>{words(of)}</span>;
}

/** A credential that is shown now and never again. */
export function ShownOnce({
  label,
  value,
  children,
}: {
  readonly label: string;
  readonly value: string;
  readonly children?: ComponentChildren;
}) {
  const [copied, setCopied] = useState('');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied('Copied.');
    } catch {
      setCopied('Select it and copy it by hand.');
    }
  };
  return (
    <section class="once" aria-label={label}>
      <p>
        <strong>{label}</strong> Copy it now: it cannot be shown again.
      </p>
      <div class="copy">
        <output>
          <code>{value}</code>
        </output>
        <button type="button" class="primary" onClick={() => void copy()}>
          Copy
        </button>
      </div>
      <p role="status">{copied}</p>
      {children}
    </section>
  );
}

interface TableProps<Item> {
  readonly label: string;
  readonly columns: readonly (readonly [string, (item: Item) => ComponentChildren])[];
  readonly items: readonly Item[] | undefined;
  readonly problem: string | undefined;
  readonly idOf: (item: Item) => string;
  readonly empty: string;
  readonly more?: (() => void) | undefined;
}

/** A list as a table; on a phone each line is a card, whose cells say what they are. */
export function Table<Item>({ label, columns, items, problem, idOf, empty, more }: TableProps<Item>) {
  if (problem !== undefined) return <Problem>{problem}</Problem>;
  if (items === undefined) return <Waiting />;
  if (items.length === 0) return <p class="empty">{empty}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
      <section class="scroll" aria-label={label} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map(([name]) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={idOf(item)}>
                {columns.map(([name, cell]) => (
                  <td key={name} data-label={name}>
                    {cell(item)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {more !== undefined && (
        <button type="button" class="more" onClick={more}>
          Show more
        </button>
      )}
    </>
  );
}

/** That something is on its way. */
export function Waiting() {
  return <p role="status">Loading …</p>;
}

/** What went wrong. */
export function Problem({ children }: { readonly children: string }) {
  return (
    <p class="problem" role="alert">
      {children}
    </p>
  );
}

// Kept: to make one costs more than to use it a hundred times.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(language: string): Intl.DateTimeFormat {
  const format =
    formats.get(language) ?? new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  formats.set(language, format);
  return format;
}

/** A point in time, as the language writes it, where the reader is. */
export function Time({ at, language }: { readonly at: string; readonly language: string }) {
  const date = new Date(at);
  // Beyond what a calendar reaches it stays as the server has it.
  const shown = Number.isNaN(date.getTime()) ? at : formatIn(language).format(date);
  return (
    <time class="muted" dateTime={at}>
      {shown}
    </time>
  );
}

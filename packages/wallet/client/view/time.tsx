/** A point in time, as the language writes it, where the reader is. */
export function Time({ at, language }: { readonly at: string; readonly language: string }) {
  const date = new Date(at);
  // Beyond what a calendar reaches it stays as the server has it.
  const shown = Number.isNaN(date.getTime())
    ? at
    : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(date);
  return (
    <time class="muted" dateTime={at}>
      {shown}
    </time>
  );
}

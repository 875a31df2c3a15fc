/**
 * CSV that a spreadsheet opens without running it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 * @module
 */

/** One row: every cell quoted, CRLF at the end. A cell that a spreadsheet would take for a formula is text. */
export function csvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => quoted(String(cell ?? ''))).join(',')}\r\n`;
}

function quoted(text: string): string {
  const harmless = /^[\s\0]*[=+\-@|]|^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

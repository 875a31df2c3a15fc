// Deeper than any destination may be, so that no input decides how deep the stack gets.
const MAX_DEPTH = 9;

/**
 * Whether a member called `length`, somewhere within a value, cannot be compared with a number. zod measures whatever it is
 * given before it says that it is no text, and throws for `{"length":{"toString":1}}`.
 */
export function hasOddLength(value: unknown, depth: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  if (isOdd((value as { readonly length?: unknown }).length)) return true;
  return Object.values(value).some((member) => hasOddLength(member, depth - 1));
}

function isOdd(length: unknown): boolean {
  try {
    Number(length);
    return false;
  } catch {
    return true;
  }
}

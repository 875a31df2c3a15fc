const MAX_DEPTH = 8;
const MAX_LENGTH = 4000;

/**
 * A text for a JSON value: two values that say the same, with members in whatever order, have the same one. `undefined`
 * for what is nested more than 8 deep, or whose text is longer than 4,000 characters.
 */
export function canonicalText(value: unknown): string | undefined {
  const text = isShallow(value, MAX_DEPTH) ? JSON.stringify(ordered(value)) : undefined;
  return text === undefined || text.length > MAX_LENGTH ? undefined : text;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  // As pairs: a member called __proto__ is one like any other, and those with numbers for names do not come first.
  return { members: members.map(([name, member]) => [name, ordered(member)]) };
}

// Looks no deeper than it must: the stack is not the caller's to fill.
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

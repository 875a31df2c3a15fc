/**
 * The top-level members of a JSON object in which some name stands twice, at whatever depth: `JSON.parse` keeps the
 * last of them and another parser on the way may have kept the first (RFC 8259, section 4). The text must be valid
 * JSON. Escapes are resolved: `"\u0061"` repeats `"a"`.
 */
export function repeatedMembers(text: string): readonly string[] {
  const repeated = new Set<string>();
  // A set of names for each open object, `null` for each open array.
  const open: (Set<string> | null)[] = [];
  let member = '';
  let nameIsNext = false;

  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      if (nameIsNext) {
        const name = JSON.parse(text.slice(at, end + 1)) as string;
        const names = open.at(-1) as Set<string>;
        if (open.length === 1) member = name;
        if (names.has(name)) repeated.add(member);
        names.add(name);
        nameIsNext = false;
      }
      at = end;
    } else if (character === '{' || character === '[') {
      nameIsNext = character === '{';
      open.push(nameIsNext ? new Set() : null);
    } else if (character === '}' || character === ']') {
      open.pop();
      nameIsNext = false;
    } else if (character === ',') {
      nameIsNext = open.at(-1) instanceof Set;
    }
  }
  return [...repeated];
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** Texts that are nearly right, from those that are. */

import { between } from '../faults/chance.js';

/** A number from 0 to below 1; the same row of them for the same input. */
export type Random = () => number;

/** What parsers, storages, spreadsheets, terminals and browsers have stumbled over. */
export const HOSTILE: readonly string[] = [
  ...['', ' ', '\0', '\t', '\n', '\r\n', '\u000b', '\u007f', '\u0080', '\u00a0', '\ufeff', '\u2028', '\u2029'],
  // Marks of direction, what cannot be seen, halves of pairs, what is longer or shorter in another case or form.
  ...['\u202e', '\u200f', '\u2066', '\u200b', '\u2060', '\u3164', '\ud800', '\udfff', '\ud83d\ude00', '\ufffd'],
  ...[
    '\u0130',
    '\u00df',
    '\ufb03',
    'e\u0301',
    '\u212b',
    '\u0661',
    '\uff10',
    '\u03a3',
    '\u0345',
    '\u{1f468}\u200d\u{1f469}',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length'],
  ...['null', 'undefined', 'NaN', 'Infinity', 'true', '[]', '{}', '[[', '{"a":', '-0', '-1', '0.1', '1e400', '1e-7'],
  ...['9007199254740993', '9007199254740991', '4294967296', '0x10', '1_000', '00', '+1', '\\u0000', '\\ud800', '\\"'],
  ...[
    "'",
    '"',
    '\\',
    '`',
    '/',
    '//',
    '../',
    '%00',
    '%ff',
    '%',
    '%2e%2e',
    '$(x)',
    '$\u007bx}',
    '<script>',
    ']]>',
    '&amp;',
    '=1+1',
  ],
  ...[
    ',',
    ';',
    '=',
    '&',
    '#',
    '?',
    '@',
    ':',
    '.',
    '-',
    '_',
    '+',
    '*',
    '|',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '~',
    '^',
    '<',
    '>',
  ],
];

const LONGEST = 70_000;
const HEX = '0123456789abcdef';

/** One of these. */
export function pick<Item>(random: Random, items: readonly [Item, ...Item[]] | readonly Item[]): Item {
  return items[between(random, 0, items.length - 1)] as Item;
}

/** One of these texts as it is, changed in a place or a few, or, now and then, nothing like it. */
export function textLike(random: Random, samples: readonly string[], longest: number = LONGEST): string {
  const start = random() < 0.03 ? '' : pick(random, samples);
  const changes = random() < 0.1 ? 0 : between(random, 1, random() < 0.2 ? 8 : 2);
  let text = start;
  for (let change = 0; change < changes; change++) text = changed(random, text, samples);
  if (random() < 0.002) text = stretched(random, text, longest);
  return text.length > longest ? text.slice(0, longest) : text;
}

function changed(random: Random, text: string, samples: readonly string[]): string {
  const at = between(random, 0, text.length);
  const end = Math.min(text.length, at + between(random, 1, random() < 0.2 ? 40 : 3));
  const [before, middle, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (between(random, 0, 9)) {
    case 0:
      return before + after;
    case 1:
      return before + pick(random, HOSTILE) + middle + after;
    case 2:
      return before + pick(random, HOSTILE) + after;
    case 3:
      return before + middle.repeat(between(random, 2, 9)) + after;
    case 4:
      return (
        before +
        String.fromCharCode((middle.charCodeAt(0) || 0) ^ (1 << between(random, 0, 15))) +
        middle.slice(1) +
        after
      );
    case 5:
      return before + (random() < 0.5 ? middle.toUpperCase() : middle.toLowerCase()) + after;
    case 6:
      return before;
    case 7:
      return before + pick(random, samples).slice(between(random, 0, 20));
    case 8:
      return before + pick(random, [...HEX]) + middle.slice(1) + after;
    default:
      return after + before + middle;
  }
}

/** As long as it may be: a part of it, or something hostile, again and again, with an end that does not fit. */
function stretched(random: Random, text: string, longest: number): string {
  const at = between(random, 0, text.length);
  const part = (random() < 0.5 ? text.slice(at, at + between(random, 1, 4)) : pick(random, HOSTILE)) || ' ';
  const length = Math.min(longest, 2 ** between(random, 6, 17));
  return (
    text.slice(0, at) + part.repeat(Math.ceil(length / part.length)) + (random() < 0.5 ? text.slice(at) : '\u0001')
  );
}

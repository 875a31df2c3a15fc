/** JSON of every sort: right, nearly right, deep, wide, repeated. */

import { between } from '../faults/chance.js';
import { HOSTILE, pick, type Random, textLike } from './mutate.js';

const NUMBERS = [0, -0, 1, -1, 0.5, 100, 1e8, 1e8 + 1, 2 ** 53 - 1, 2 ** 53, 1e21, 1e-7, Number.MAX_VALUE];
const RAW_NUMBERS = ['1e400', '-1e400', '9007199254740993', '1.0', '1e2', '-0', '100000000000000000000', '1E+2'];

/** Some value. */
export function someValue(random: Random, depth = 3): unknown {
  const kind = between(random, 0, depth > 0 ? 7 : 5);
  switch (kind) {
    case 0:
      return null;
    case 1:
      return random() < 0.5;
    case 2:
      return pick(random, NUMBERS);
    case 3:
      return between(random, -1000, 1_000_000);
    case 6:
      return Array.from({ length: between(random, 0, 4) }, () => someValue(random, depth - 1));
    case 7:
      return objectOf(
        Array.from({ length: between(random, 0, 4) }, () => [pick(random, HOSTILE), someValue(random, depth - 1)]),
      );
    default:
      return pick(random, HOSTILE);
  }
}

/** An object that is like these: with another value, without a member, with one more. */
export function objectLike(
  random: Random,
  samples: readonly Readonly<Record<string, unknown>>[],
): Record<string, unknown> {
  const members = Object.entries(pick(random, samples)).map(([name, value]): [string, unknown] => [
    random() < 0.03 ? textLike(random, [name], 4000) : name,
    random() < 0.3 ? valueLike(random, value) : value,
  ]);
  if (random() < 0.1) members.splice(between(random, 0, members.length), 1);
  if (random() < 0.1) members.push([pick(random, HOSTILE), someValue(random)]);
  return objectOf(members);
}

function valueLike(random: Random, value: unknown): unknown {
  if (random() < 0.2) return someValue(random);
  if (typeof value === 'string') return textLike(random, [value], 4000);
  if (typeof value === 'number') return random() < 0.5 ? pick(random, NUMBERS) : value + between(random, -2, 2);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return someValue(random);
  return objectLike(random, [value as Record<string, unknown>]);
}

/** The text of such an object: written in another way, with a member twice, too deep, too wide, cut off. */
export function jsonLike(random: Random, samples: readonly Readonly<Record<string, unknown>>[]): string {
  const text = JSON.stringify(objectLike(random, samples));
  switch (between(random, 0, random() < 0.02 ? 7 : 3)) {
    case 0:
      return textLike(random, [text]);
    case 1:
      return withMember(
        text,
        `${JSON.stringify(pick(random, Object.keys(pick(random, samples))))}:${pick(random, RAW_NUMBERS)}`,
      );
    case 4:
      return withMember(text, `"x":${nested(random)}`);
    case 5:
      return withMember(text, `${JSON.stringify(pick(random, Object.keys(pick(random, samples))))}:${nested(random)}`);
    case 6:
      return withMember(text, Array.from({ length: 6000 }, (_, index) => `"${index}":${index}`).join());
    case 7:
      return nested(random);
    default:
      return text;
  }
}

function withMember(text: string, member: string): string {
  return text === '{}' ? `{${member}}` : `${text.slice(0, -1)},${member}}`;
}

function nested(random: Random): string {
  const depth = 2 ** between(random, 3, 13);
  return random() < 0.5 ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

// `fromEntries` defines what it is given: a member called __proto__ is one like any other.
function objectOf(members: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(members);
}

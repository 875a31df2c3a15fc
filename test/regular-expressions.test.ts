/** Every regular expression of what is published: none takes more than a time in proportion to its text. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isPackageSource, isTest, place, realTree, type SourceFile, syntaxOf } from './tidy/tree.js';

// The short ones first: what grows by powers has not ended at the long one by the end of the world.
const LENGTHS = [14, 20, 26, 8000];
/** What a square takes at that length is tens of milliseconds and more, what it should take is less than one. */
const LIMIT_MS = 20;
const REPEATS = 3;

/** What is repeated: what classes of characters and alternatives have in common. */
const PUMPS = ['a', '0', ' ', '\t', '.', '-', '_', '=', '"', '\\', '/', '@', '\0', 'a.', 'a,', 'a '];
/** What stands before it, besides words of the expression itself. */
const STARTS = ['', 'a@', '"', 'v1.'];
/** What does not fit behind it. */
const ENDS = ['\u0001', ' '];

interface Found {
  readonly where: string;
  readonly expression: RegExp;
}

function expressionsOf(file: SourceFile): Found[] {
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      // Without `g`, so that each text is looked at from its start.
      const flags = node.text.slice(end + 1).replace('g', '');
      found.push({ where: place(file, node), expression: new RegExp(node.text.slice(1, end), flags) });
    }
    ts.forEachChild(node, visit);
  };
  visit(syntaxOf(file));
  return found;
}

/** The longest that the expression takes for a text of its own words, pumped up, with an end that does not fit. */
function slowest({ expression }: Found): number {
  const words = (expression.source.match(/[A-Za-z]{3,}[ =/_.]?/g) ?? []).slice(0, 2);
  let longest = 0;
  for (const text of textsWith(words)) {
    longest = Math.max(
      longest,
      leastOf(() => expression.exec(text)),
    );
    if (longest > LIMIT_MS) break;
  }
  return longest;
}

function* textsWith(words: readonly string[]): Generator<string> {
  for (const start of [...STARTS, ...words]) {
    for (const pump of [...PUMPS, ...words]) {
      for (const length of LENGTHS) {
        for (const end of ENDS) yield start + pump.repeat(Math.ceil(length / pump.length)) + end;
      }
    }
  }
}

// Only what is slow is looked at again: then by the process's own time.
function leastOf(run: () => unknown): number {
  const began = performance.now();
  run();
  const took = performance.now() - began;
  if (took <= LIMIT_MS) return took;
  const repeats = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...repeats);
}

const published = realTree().filter(
  ({ path }) => isPackageSource(path) || (path.startsWith('examples/host/src/') && !isTest(path)),
);

describe('a regular expression', () => {
  it('takes no longer than its text is long, whichever of ours it is', { timeout: 120_000 }, () => {
    const found = published.flatMap(expressionsOf);
    expect(found.length).toBeGreaterThan(100);
    expect(
      found.filter((one) => slowest(one) > LIMIT_MS).map(({ where, expression }) => `${where} ${expression}`),
    ).toEqual([]);
  });

  it.each([/\s+$/, /^(?:a+)+$/, /^[^\s@]+@[^\s@]+\.[^\s@]+$/, /(?:a|a?)+b/])(
    'is noticed where it does: %s',
    { timeout: 60_000 },
    (expression) => {
      expect(slowest({ where: '', expression })).toBeGreaterThan(LIMIT_MS);
    },
  );
});

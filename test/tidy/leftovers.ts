import ts from 'typescript';
import { isTest, isTypeScript, nodesOf, place, type Rule, type SourceFile, syntaxOf } from './tree.js';

// The brackets keep this line from finding itself.
const MARK = /\b(TO[D]O|FIX[M]E)\b/;

/** What is left to do is an issue, where somebody sees it. */
export const noMarks: Rule = {
  name: 'no comment puts work off',
  check: (files) =>
    files
      .filter(({ path }) => /\.(m?[jt]s|tsx|sql)$/.test(path))
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
          .filter(({ line }) => MARK.test(line))
          .map(
            ({ place }) => `${place} puts work off: do it, or open an issue and say in the comment what holds today.`,
          ),
      ),
};

const RUNNERS = new Set(['it', 'test', 'describe']);
const CONTEXTS = new Set(['context', 'ctx']);
const SKIPS = new Set(['skip', 'skipIf', 'runIf', 'todo']);

const INSTEAD = "take the test's context and call context.skip('how to have it run') where the reason is known.";

/** `it.skip.each` gives `['it', 'skip', 'each']`. */
function chainOf(expression: ts.Expression): string[] {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isPropertyAccessExpression(expression)) return [...chainOf(expression.expression), expression.name.text];
  if (ts.isCallExpression(expression)) return chainOf(expression.expression);
  return [];
}

function problemOf(file: SourceFile, call: ts.CallExpression): string | undefined {
  const [runner = '', ...modifiers] = chainOf(call.expression);
  if (RUNNERS.has(runner) && modifiers.includes('only')) {
    return `${place(file, call)} runs one test and hides the others: remove .only.`;
  }
  if (RUNNERS.has(runner) && modifiers.some((modifier) => SKIPS.has(modifier))) {
    return `${place(file, call)} skips and does not say why: ${INSTEAD}`;
  }
  const reason = call.arguments.at(-1);
  const hasReason = reason !== undefined && (ts.isStringLiteralLike(reason) || ts.isTemplateExpression(reason));
  if (!CONTEXTS.has(runner) || modifiers.join() !== 'skip' || hasReason) return undefined;
  return `${place(file, call)} skips without a reason: ${INSTEAD}`;
}

/** Every test runs; one that cannot says how to have it run. */
export const noSilentSkips: Rule = {
  name: 'no test is skipped or singled out silently',
  check: (files) =>
    files
      .filter(({ path }) => isTypeScript(path) && (isTest(path) || path.startsWith('test/')))
      .flatMap((file) =>
        [...nodesOf(syntaxOf(file))]
          .filter(ts.isCallExpression)
          // `it.each(…)(…)` is two calls: the outer one alone is counted.
          .filter((call) => !ts.isCallExpression(call.parent) || call.parent.expression !== call)
          .flatMap((call) => problemOf(file, call) ?? []),
      ),
};

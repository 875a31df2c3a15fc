import ts from 'typescript';
import { isPackageSource, nodesOf, packageOf, place, type Rule, syntaxOf } from './tree.js';

const PORTABLE = new Set(['core', 'payouts', 'client']);

/** `Date.now`, `Math.random`, `performance.now`, `new Date()`, or `undefined`. */
function sourceOfChange(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const name = `${node.expression.text}.${node.name.text}`;
    return ['Date.now', 'Math.random', 'performance.now'].includes(name) ? name : undefined;
  }
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Date') {
    return node.arguments === undefined || node.arguments.length === 0 ? 'new Date()' : undefined;
  }
  return undefined;
}

/** The default of an option, `{ now = Date.now }` or `options.now ?? Date.now`: who calls can give another. */
function isDefault(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBindingElement(parent) || ts.isParameter(parent)) return parent.initializer === node;
  return (
    ts.isBinaryExpression(parent) &&
    parent.right === node &&
    [ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.QuestionQuestionEqualsToken].includes(parent.operatorToken.kind)
  );
}

/** Time and chance come in as options, so that a test decides them and nothing sleeps. */
export const clockAndChance: Rule = {
  name: 'core, payouts and client take the clock and chance as options',
  check: (files) =>
    files
      .filter(({ path }) => isPackageSource(path) && PORTABLE.has(packageOf(path) ?? ''))
      .flatMap((file) =>
        [...nodesOf(syntaxOf(file))].flatMap((node) => {
          const name = sourceOfChange(node);
          if (name === undefined || isDefault(node)) return [];
          return `${place(file, node)} asks ${name} itself: take it as an option, with ${name} as its default.`;
        }),
      ),
};

import ts from 'typescript';

/** Whether a value of this type has a `then` that can be called: alone, as one of several, or in an array. */
function isPromiseLike(checker: ts.TypeChecker, type: ts.Type, node: ts.Node): boolean {
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Never)) return false;
  if (type.isUnion()) return type.types.some((part) => isPromiseLike(checker, part, node));
  const element = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;
  if (element !== undefined) return isPromiseLike(checker, element, node);
  const then = type.getProperty('then');
  return then !== undefined && checker.getTypeOfSymbolAtLocation(then, node).getCallSignatures().length > 0;
}

/** `promise.catch(handler)`, `promise.then(handler, handler)`, and either of them with `.finally(…)` behind it. */
function isHandled(expression: ts.Expression): boolean {
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return false;
  const { name, expression: promise } = expression.expression;
  if (name.text === 'finally') return isHandled(promise);
  return (
    expression.arguments.length >= (name.text === 'catch' ? 1 : name.text === 'then' ? 2 : Number.POSITIVE_INFINITY)
  );
}

function isAssignment(expression: ts.Expression): boolean {
  if (!ts.isBinaryExpression(expression)) return false;
  const { kind } = expression.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function* statementsOf(node: ts.Node): Generator<ts.ExpressionStatement> {
  if (ts.isExpressionStatement(node)) yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* statementsOf(child);
}

/**
 * Promises that nobody waits for, in the files of a program that `include` takes. Biome has this rule too, and shows it in
 * the editor; but it does not know the types of dependencies, and a promise lost there is a write that nobody checked.
 */
export function floatingPromises(program: ts.Program, include: (path: string) => boolean): string[] {
  const checker = program.getTypeChecker();
  const problems: string[] = [];
  for (const file of program.getSourceFiles()) {
    if (!include(file.fileName)) continue;
    for (const { expression } of statementsOf(file)) {
      if (ts.isVoidExpression(expression) || ts.isAwaitExpression(expression) || isHandled(expression)) continue;
      // What an assignment assigns is still there to be awaited.
      if (isAssignment(expression)) continue;
      if (!isPromiseLike(checker, checker.getTypeAtLocation(expression), expression)) continue;
      const { line } = file.getLineAndCharacterOfPosition(expression.getStart());
      problems.push(
        `${file.fileName}:${line + 1} lets a promise float: await it, or write void before it where a comment says who ` +
          'learns of its failure.',
      );
    }
  }
  return problems;
}

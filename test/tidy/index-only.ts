import ts from 'typescript';
import { isTypeScript, place, type Rule, syntaxOf } from './tree.js';

/** An `index.ts` is a list of what is public, and nothing that could be wrong. */
export const indexOnlyReexports: Rule = {
  name: 'index.ts only re-exports',
  check: (files) =>
    files
      .filter(({ path }) => /(^|\/)index\.ts$/.test(path) && isTypeScript(path))
      .flatMap((file) =>
        syntaxOf(file)
          .statements.filter((statement) => !isReexport(statement))
          .map((statement) => `${place(file, statement)} is code: move it to a file that carries its name.`),
      ),
};

function isReexport(statement: ts.Statement): boolean {
  if (!ts.isExportDeclaration(statement)) return false;
  // `export {}` marks an entry that is still empty.
  if (statement.moduleSpecifier !== undefined) return true;
  return statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)
    ? statement.exportClause.elements.length === 0
    : false;
}

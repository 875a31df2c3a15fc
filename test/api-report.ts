import { join } from 'node:path';
import ts from 'typescript';
import type { Package } from '../scripts/packages.mjs';

/** What can be imported under one specifier, read from the declarations that TypeScript writes for the sources. */
interface Entry {
  specifier: string;
  /** The declaration of each exported name, without comments and with them, in the order of the names. */
  declarations: { name: string; code: string; commented: string; documented: boolean }[];
  /** Names that those declarations use and that nobody can import. */
  hidden: string[];
}

export interface ApiReport {
  markdown: string;
  /** Exported names without a doc comment. */
  undocumented: string[];
}

const printer = ts.createPrinter({ removeComments: true });
const printerWithComments = ts.createPrinter();

/** The source file that each specifier of a package leads to inside this repository. */
export function entryFiles(published: Package): { specifier: string; path: string }[] {
  return published.specifiers.map((specifier) => {
    const target = published.manifest.exports[`.${specifier.slice(published.name.length)}`];
    return { specifier, path: join(published.folder, target['@bursar/source']) };
  });
}

const emitted = new WeakMap<ts.Program, Map<string, ts.SourceFile>>();

/** The declarations of every file of a program, parsed, once: those of `a.ts` under the path of `a.ts`. */
function declarationFiles(program: ts.Program): Map<string, ts.SourceFile> {
  const known = emitted.get(program);
  if (known !== undefined) return known;
  const files = new Map<string, ts.SourceFile>();
  emitted.set(program, files);
  program.emit(
    undefined,
    (path, text, _mark, _onError, sources) => {
      const source = sources?.[0]?.fileName;
      if (source !== undefined) files.set(source, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
    },
    undefined,
    true,
  );
  return files;
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? name.text : []));
  }
  const { name } = statement as ts.Statement & { name?: ts.Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}

/** The names of types, and of values in `typeof`, that a declaration refers to. */
function* referencesIn(node: ts.Node): Generator<string> {
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isTypeQueryNode(node)
      ? node.exprName
      : ts.isExpressionWithTypeArguments(node)
        ? node.expression
        : undefined;
  if (name !== undefined && ts.isIdentifier(name)) yield name.text;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* referencesIn(child);
}

/** The names of a file that only this package can see: declared there, or imported from beside. */
function ownNames(file: ts.SourceFile): Set<string> {
  const own = new Set<string>();
  for (const statement of file.statements) {
    for (const name of namesOf(statement)) own.add(name);
    if (!ts.isImportDeclaration(statement) || !statement.moduleSpecifier.getText().slice(1).startsWith('.')) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings !== undefined && ts.isNamedImports(bindings)) {
      for (const { name } of bindings.elements) own.add(name.text);
    }
  }
  return own;
}

function readEntry(program: ts.Program, files: Map<string, ts.SourceFile>, specifier: string, path: string): Entry {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const module = source && checker.getSymbolAtLocation(source);
  const entry: Entry = { specifier, declarations: [], hidden: [] };
  for (const exported of module === undefined ? [] : checker.getExportsOfModule(module)) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const file = files.get(symbol.declarations?.[0]?.getSourceFile().fileName ?? '');
    const statements = file?.statements.filter((statement) => namesOf(statement).includes(symbol.name)) ?? [];
    const renamed = exported.name === symbol.name ? [] : [`export { ${symbol.name} as ${exported.name} };`];
    const printed = ({ printNode }: ts.Printer): string => {
      const code = statements.map((node) => printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()));
      return [...code, ...renamed].join('\n') || `export { ${exported.name} }; // of a dependency`;
    };
    entry.declarations.push({
      name: exported.name,
      code: printed(printer),
      commented: printed(printerWithComments),
      documented: symbol.getDocumentationComment(checker).length > 0,
    });
    if (file === undefined) continue;
    const own = ownNames(file);
    for (const statement of statements) {
      const parameters = new Set(
        (statement as { typeParameters?: readonly ts.TypeParameterDeclaration[] }).typeParameters?.map(
          ({ name }) => name.text,
        ),
      );
      entry.hidden.push(...[...referencesIn(statement)].filter((name) => own.has(name) && !parameters.has(name)));
    }
  }
  entry.declarations.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entry;
}

function markdownOf(name: string, entries: readonly Entry[]): string {
  const exported = new Set(entries.flatMap(({ declarations }) => declarations.map((declaration) => declaration.name)));
  const hidden = [...new Set(entries.flatMap((entry) => entry.hidden))].filter((type) => !exported.has(type)).sort();
  const sections = entries.map(
    ({ specifier, declarations }) =>
      `## \`${specifier}\`\n\n\`\`\`ts\n${declarations.map(({ code }) => code).join('\n\n')}\n\`\`\`\n`,
  );
  const note =
    hidden.length === 0 ? '' : `\n## Used above, not exported\n\n${hidden.map((type) => `- \`${type}\`\n`).join('')}`;
  const head = `# The public API of ${name}\n\nWritten by \`npm run api\`. A change here is a change that users see.\n\n`;
  return head + sections.join('\n') + note;
}

/** The report of one package; the program has to hold its entry files. */
export function apiReport(program: ts.Program, published: Package): ApiReport {
  const files = declarationFiles(program);
  const entries = entryFiles(published).map(({ specifier, path }) => readEntry(program, files, specifier, path));
  return {
    markdown: markdownOf(published.name, entries),
    undocumented: entries.flatMap(({ specifier, declarations }) =>
      declarations.filter(({ documented }) => !documented).map((declaration) => `${specifier}: ${declaration.name}`),
    ),
  };
}

/** The same as a page to read: each symbol under a heading, with its doc comments. */
export function apiReference(program: ts.Program, published: Package): string {
  const files = declarationFiles(program);
  const parts = entryFiles(published).map(({ specifier, path }) => {
    const symbols = readEntry(program, files, specifier, path).declarations.map(
      ({ name, commented }) => `### \`${name}\`\n\n\`\`\`\`ts\n${commented}\n\`\`\`\`\n`,
    );
    return `## \`${specifier}\`\n\n${symbols.join('\n')}`;
  });
  return `# The public API of ${published.name}\n\nFrom the doc comments of the sources.\n\n${parts.join('\n')}`;
}

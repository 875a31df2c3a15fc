import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';

/** The folder of the repository. */
export const root = join(import.meta.dirname, '../..');

/** A file of the tree: the real one, or one that a test makes up. */
export interface SourceFile {
  /** From the root, with `/`: `packages/core/src/digest.ts`. */
  readonly path: string;
  readonly text: string;
}

/** A rule of the tidy test: it answers with a sentence for each place that breaks it. */
export interface Rule {
  /** Completes the sentence "tidy: …". */
  readonly name: string;
  check(files: readonly SourceFile[]): string[];
}

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'data', '.cache', '.git', 'coverage', 'spec']);

function* walk(folder: string): Generator<string> {
  const entries: Dirent[] = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)) yield* walk(path);
    if (entry.isFile() && /\.(m?[jt]s|tsx|json|sql)$/.test(entry.name)) yield path;
  }
}

/** Every code file of the repository. */
export function realTree(): SourceFile[] {
  return [...walk(root)].map((path) => ({
    path: relative(root, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }));
}

/** A tree of files that are only in this test: `{ 'packages/core/src/x.ts': 'export {};' }`. */
export function virtualTree(files: Record<string, string>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

export const isTest = (path: string): boolean => /\.test(-d)?\.ts$/.test(path) || /^packages\/[^/]+\/test\//.test(path);

export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path) && !path.endsWith('.d.ts');

/** What a package publishes: the code in its `src`, and in `client` that of its page, without the tests. */
export const isPackageSource = (path: string): boolean =>
  /^packages\/[^/]+\/(src|client)\//.test(path) && isTypeScript(path) && !isTest(path);

/** The folder name of the package that a file belongs to, or `undefined`. */
export const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1];

const parsed = new WeakMap<SourceFile, ts.SourceFile>();

/** The syntax tree of a file, made once. */
export function syntaxOf(file: SourceFile): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  parsed.set(file, tree);
  return tree;
}

/** Every node below and including one, the parent before its children. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** `packages/core/src/digest.ts:12`, for a message that an editor can follow. */
export function place(file: SourceFile, node: ts.Node): string {
  const { line } = syntaxOf(file).getLineAndCharacterOfPosition(node.getStart());
  return `${file.path}:${line + 1}`;
}

/** What a file imports or re-exports: each specifier with its node. */
export function importsOf(file: SourceFile): { specifier: string; node: ts.Node }[] {
  const found: { specifier: string; node: ts.Node }[] = [];
  for (const node of nodesOf(syntaxOf(file))) {
    const from =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined;
    if (from !== undefined && ts.isStringLiteralLike(from)) found.push({ specifier: from.text, node });
  }
  return found;
}

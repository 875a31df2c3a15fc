import { join } from 'node:path';
import ts from 'typescript';
import { programOf } from '../programs.js';
import { root } from '../tidy/tree.js';
import { type CodeBlock, codeBlocksOf } from './markdown.js';

/** A document, with its path from the root. */
export interface Document {
  path: string;
  markdown: string;
}

/** A block of TypeScript as a module: a file of its own, in a folder that sees the dependencies that it imports. */
export interface Example {
  file: string;
  code: string;
  /** `README.md`, and how many lines of it stand before the code. */
  document: string;
  offset: number;
  /** Where it begins in the document. */
  line: number;
}

/** Where the frameworks are installed; everything else is at the root. */
function folderFor(code: string): string {
  if (/from '(hono|@hono\/)/.test(code)) return 'examples/hono-payout-api';
  if (/from 'express'/.test(code)) return 'examples/express-payout-api';
  if (/from '(pg|@bursar\/postgres)'/.test(code)) return 'packages/postgres';
  if (/from 'rate-limiter-flexible'/.test(code)) return 'packages/access';
  if (/from 'standardwebhooks'/.test(code)) return 'packages/webhooks';
  if (/from '(prom-client|pino)'/.test(code)) return 'packages/observe';
  if (/from 'zod'/.test(code)) return 'packages/payouts';
  return /from 'better-sqlite3'/.test(code) ? 'packages/sqlite' : 'test';
}

/** The `ts` blocks of a page, in order. One that is only a part of a module has what is given in front. */
export function examplesOf({ path, markdown }: Document): Example[] {
  return codeBlocksOf(markdown).flatMap((block) => {
    const given = block.info === 'ts' ? '' : block.info === 'ts fragment' ? givenFor(markdown, block) : undefined;
    if (given === undefined) return [];
    return {
      file: join(root, folderFor(given + block.code), `${path.replaceAll('/', '-')}-${block.line}.virtual.ts`),
      // Behind the code, so that the lines stay: an example without an import is a module too.
      code: `${given}${block.code}\nexport {};`,
      document: path,
      offset: block.line - given.split('\n').length,
      line: block.line,
    };
  });
}

/** What a part of a module takes as given: the comment right above it, which readers do not see. */
function givenFor(markdown: string, { line }: CodeBlock): string | undefined {
  const above = markdown
    .split('\n')
    .slice(0, line - 2)
    .join('\n');
  return /<!-- given\n((?:(?!-->)[\s\S])*)-->$/.exec(above)?.[1];
}

/** Parts of modules that do not say what they take as given, so that nobody checks them. */
export function uncheckedFragments({ path, markdown }: Document): string[] {
  return codeBlocksOf(markdown)
    .filter((block) => block.info === 'ts fragment' && givenFor(markdown, block) === undefined)
    .map(({ line }) => `${path}:${line} is a part of a module: say above it what is given.`);
}

const RUN = /\b(?:npm run (?:-s )?|node )([\w./:-]+)/g;

/** Commands of this repository, in `sh` blocks, that are not there. `exists` is asked for scripts by name and by path. */
export function unknownCommands({ path, markdown }: Document, exists: (command: string) => boolean): string[] {
  return codeBlocksOf(markdown)
    .filter(({ info }) => info === 'sh')
    .flatMap(({ code, line }) =>
      [...code.matchAll(RUN)].flatMap(([, command = '']) =>
        exists(command) ? [] : `${path}:${line} runs ${command}, which is not there.`,
      ),
    );
}

/**
 * What the type checker says about the `ts` blocks of the documents, each a module by itself, in one program. A block that
 * is only a part of one is marked `ts fragment`, and a comment above it has the rest.
 */
export function wrongExamples(documents: readonly Document[]): string[] {
  const examples = documents.flatMap(examplesOf);
  const program = programOf([], {}, new Map(examples.map(({ file, code }) => [file, code])));
  return examples.flatMap(({ file, document, offset }) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} is not in the program`);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return diagnostics.map(({ start = 0, messageText }) => {
      const line = source.getLineAndCharacterOfPosition(start).line + 1 + offset;
      return `${document}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

/** The storage adapter that a page builds step by step: its `ts adapter` blocks, one after the other. */
export function adapterOf(markdown: string): string {
  return codeBlocksOf(markdown)
    .filter(({ info }) => info === 'ts adapter')
    .map(({ code }) => code)
    .join('\n');
}

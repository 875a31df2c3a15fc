import ts from 'typescript';
import { isTest, isTypeScript, nodesOf, place, type Rule, syntaxOf } from './tree.js';

const FILE_LINES = 300;
const FUNCTION_LINES = 60;

const isSource = (path: string): boolean => (isTypeScript(path) || path.endsWith('.mjs')) && !isTest(path);

/** Lines of text, whatever the file ends with. */
const linesOf = (text: string): number => text.trimEnd().split('\n').length;

/** A file is one idea. */
export const fileLength: Rule = {
  name: `no source file is longer than ${FILE_LINES} lines`,
  check: (files) =>
    files
      .filter(({ path, text }) => isSource(path) && linesOf(text) > FILE_LINES)
      .map(
        ({ path, text }) =>
          `${path} has ${linesOf(text)} lines: it is two ideas. Give the second one a file that carries its name.`,
      ),
};

/** A function is read without scrolling. */
export const functionLength: Rule = {
  name: `no function is longer than ${FUNCTION_LINES} lines`,
  check: (files) =>
    files
      .filter(({ path }) => isSource(path))
      .flatMap((file) =>
        [...nodesOf(syntaxOf(file))]
          .filter((node) => ts.isFunctionLike(node) && 'body' in node && node.body !== undefined)
          .filter((node) => linesOf(node.getText()) > FUNCTION_LINES)
          .map(
            (node) =>
              `${place(file, node)} begins a function of ${linesOf(node.getText())} lines. ` +
              'Keep the branching here, and move each pure step into a function of its own.',
          ),
      ),
};

import type { Rule } from './tree.js';

const BANNED = new Set(['util', 'helper', 'manager', 'service', 'data', 'info', 'common', 'misc', 'shared', 'lib']);

/** A name says what a thing is, in the words of the field. */
export const names: Rule = {
  name: 'no file or folder has a name that says nothing',
  check: (files) =>
    files.flatMap(({ path }) => {
      const [folders, stem] = [path.split('/').slice(0, -1), path.split('/').at(-1)?.split('.')[0] ?? ''];
      return [...folders, stem]
        .filter((part) => BANNED.has(part.toLowerCase().replace(/(?<=.)s$/, '')))
        .map((part) => `${path}: "${part}" could hold anything. Name the file after the one idea in it.`);
    }),
};

import { builtinModules } from 'node:module';
import { importsOf, isPackageSource, packageOf, place, type Rule } from './tree.js';

const PORTABLE = new Set(['core', 'payouts', 'client', 'fetch', 'next']);

/** These run on every runtime, so they import nothing that only Node has. */
export const portable: Rule = {
  name: 'core, payouts, client, fetch and next import nothing of Node',
  check: (files) =>
    files
      .filter(({ path }) => isPackageSource(path) && PORTABLE.has(packageOf(path) ?? ''))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => specifier.startsWith('node:') || builtinModules.includes(specifier))
          .map(
            ({ specifier, node }) =>
              `${place(file, node)} imports ${specifier}. What needs Node belongs into express, fastify or a storage ` +
              'package; here, use what every runtime has, or take it as an option.',
          ),
      ),
};

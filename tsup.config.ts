import { readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig, type Options } from 'tsup';

interface Manifest {
  name: string;
  bin?: Record<string, string>;
  exports: Record<string, string | { '@bursar/source': string; import: { default: string }; require?: object }>;
}

// tsup runs in the folder of one package, whose own `exports` say what is built from what.
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const imported: Record<string, string> = {};
/** What runs in a page: one file, for browsers to load as it is. */
const inPage: Record<string, string> = {};
const required: Record<string, string> = {};
for (const target of Object.values(manifest.exports)) {
  if (typeof target === 'string') continue;
  const name = basename(target.import.default, '.js');
  const source = target['@bursar/source'];
  if (source.startsWith('./client/')) inPage[name] = source;
  else imported[name] = source;
  if (target.require !== undefined) required[name] = target['@bursar/source'];
}
// A program is built from the file of its name.
for (const path of Object.values(manifest.bin ?? {})) {
  const name = basename(path, '.js');
  imported[name] = `src/${name}.ts`;
}

/** They run everywhere, so neither their code nor their declarations may know Node. */
const portable = ['core', 'payouts', 'client', 'fetch', 'next'].some((name) => manifest.name === `@bursar/${name}`);

const shared: Options = {
  outDir: 'dist',
  target: 'node20',
  platform: portable ? 'neutral' : 'node',
  tsconfig: `${import.meta.dirname}/${portable ? 'tsconfig.portable.json' : 'tsconfig.json'}`,
  loader: { '.sql': 'text' },
  dts: true,
  splitting: true,
  sourcemap: true,
};

// Once, here: the two builds below run at the same time, and `clean` in each would delete the other's output.
rmSync('dist', { recursive: true, force: true });

const esm: Options = { ...shared, entry: imported, format: 'esm' };
// @noble/hashes is published as ESM alone, so the CommonJS output carries it within.
const cjs: Options = { ...shared, entry: required, format: 'cjs', noExternal: ['@noble/hashes'] };

const page: Options = {
  ...shared,
  entry: inPage,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  tsconfig: 'client/tsconfig.json',
  noExternal: [/.*/],
  minify: true,
  splitting: false,
  sourcemap: false,
  esbuildOptions(options) {
    options.conditions = ['@bursar/source'];
    options.charset = 'utf8';
  },
};

const isNeeded = ({ entry }: Options): boolean => Object.keys(entry ?? {}).length > 0;
export default defineConfig([esm, cjs, page].filter(isNeeded));

/**
 * Side-by-side benchmarks, as one Markdown table:
 *
 *     npm run bench [-- <name> …]   all of them, or the named ones: the files of bench/
 *
 * Ends with 1 where a limit is not met.
 */
import './node-version.mjs';
import { readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { meetsLimits } from './benchmark.mjs';
import { root } from './root.mjs';

const folder = `${root}/bench`;
const known = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -'.ts'.length)] : []));
const asked = process.argv.slice(2);

for (const name of asked) {
  if (known.includes(name)) continue;
  console.error(`There is no benchmark "${name}". There are: ${known.join(', ')}.`);
  process.exit(1);
}

const { ensureInstalled } = await import('./install.mjs');
await ensureInstalled();
const { bundle } = await import('./bundle.mjs');

const date = new Date().toISOString().slice(0, 10);
console.log(`${date}, Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'CPU'}\n`);
console.log('| compared | promised | measured (median) | middle half | ours | theirs | |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');

for (const name of asked.length > 0 ? asked : known) {
  const file = await bundle(`${folder}/${name}.ts`, `${folder}/dist/${name}.js`);
  if (!(await meetsLimits(fileURLToPath(file), console.log))) process.exitCode = 1;
}

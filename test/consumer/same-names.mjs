/** Runs in the consumer's project: whoever imports a package and whoever requires it get the same names. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** @type {{ importable: string[], requirable: string[] }} */
const { importable, requirable } = JSON.parse(readFileSync('specifiers.json', 'utf8'));

for (const specifier of importable) {
  const imported = Object.keys(await import(specifier)).sort();
  if (imported.length === 0) throw new Error(`${specifier} exports nothing`);
  console.log(`${specifier}: ${imported.length} names`);
  if (!requirable.includes(specifier)) continue;
  const required = Object.keys(require(specifier)).sort();
  if (imported.join() !== required.join()) {
    throw new Error(`${specifier} differs:\n  import  ${imported}\n  require ${required}`);
  }
}

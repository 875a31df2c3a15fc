/** What an installation of the packages brings along has a licence that a company can accept without asking. */
import { pnpm } from './pnpm.mjs';

const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT']);

const output = await pnpm(['--filter', './packages/*', 'licenses', 'list', '--prod', '--json'], { quiet: true });
/** @type {Record<string, { name: string, versions: string[] }[]>} */
const byLicence = JSON.parse(output.slice(output.indexOf('{')));

// "A or B": the choice is ours.
const mayUse = (/** @type {string} */ licence) =>
  licence
    .replace(/^\(([^()]*)\)$/, '$1')
    .split(/ or /i)
    .some((choice) => ALLOWED.has(choice));

let checked = 0;
for (const [licence, dependencies] of Object.entries(byLicence)) {
  for (const { name, versions } of dependencies) {
    checked++;
    if (mayUse(licence)) continue;
    console.error(`${name}@${versions.join(', ')} is under "${licence}": choose another, or add the licence here.`);
    process.exitCode = 1;
  }
}
if (checked === 0) throw new Error('pnpm named no dependency at all: nothing was checked');
console.log(`${checked} dependencies, under ${Object.keys(byLicence).join(', ')}`);

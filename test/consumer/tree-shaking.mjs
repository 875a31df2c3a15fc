import { build } from 'esbuild';

/**
 * Who imports one thing does not get the rest. In bytes, minified, with all that it uses of its dependencies.
 * @type {{ of: string, name: string, bytes: number, without: string }[]} `without` is a text of what must not be there
 */
const ONE_THING = [
  { of: '@bursar/core', name: 'parseApiKey', bytes: 3000, without: 'payout-hash' },
  { of: '@bursar/core', name: 'redactText', bytes: 3000, without: 'Invalid API key' },
  { of: '@bursar/core', name: 'derivePayoutHash', bytes: 10_000, without: 'Invalid API key' },
  { of: '@bursar/payouts/storage', name: 'decide', bytes: 16_000, without: 'Zod' },
  { of: '@bursar/client', name: 'payoutUserClient', bytes: 10_000, without: '/payout/create' },
];

/** What is imported for what it does, and must stay in a bundle though nothing of it is named: it defines an element. */
const HAS_EFFECTS = ['@bursar/wallet/element'];

/** @param {string} folder @param {string} code */
async function bundled(folder, code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['better-sqlite3', 'pg', 'vitest'],
    loader: { '.css': 'text' },
    write: false,
    // It warns that what is imported for nothing is left out, which is what is asked here.
    logLevel: 'error',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/**
 * A bundler leaves out what is not used: all of a package that is only named, and the rest of one of which one thing is.
 * @param {string} folder of a project that has them
 * @param {string[]} specifiers
 */
export async function checkTreeShaking(folder, specifiers) {
  for (const specifier of specifiers) {
    const { length } = await bundled(folder, `import '${specifier}';`);
    const wrong = HAS_EFFECTS.includes(specifier) ? length === 0 : length > 0;
    if (wrong) throw new Error(`${specifier}, imported and not used, is ${length} bytes of a bundle`);
  }
  console.log(`tree shaking: ${specifiers.length} imports of which nothing is used leave nothing`);
  for (const { of, name, bytes, without } of ONE_THING) {
    const text = await bundled(folder, `import { ${name} } from '${of}';\nconsole.log(${name});`);
    const { length } = Buffer.from(text);
    if (length > bytes) throw new Error(`${name} of ${of} brings ${length} bytes along: at most ${bytes} are its own`);
    if (text.includes(without)) throw new Error(`${name} of ${of} brings "${without}" along, which it does not use`);
    console.log(`tree shaking: ${name} of ${of} alone is ${length} of at most ${bytes} bytes`);
  }
}

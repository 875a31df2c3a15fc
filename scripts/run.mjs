/**
 * The two commands of the README, on a machine with only Node and npm:
 *
 *     npm start [-- hono|express]        run an example API
 *     npm test [-- <options of Vitest>]  run the tests
 */
import './node-version.mjs';

const [command, ...args] = process.argv.slice(2);

/** @returns {Promise<string | undefined>} what to import and so to run in this process */
async function prepare() {
  const { ensureInstalled } = await import('./install.mjs');
  await ensureInstalled();
  if (command === 'start') {
    const { bundleExample } = await import('./bundle-example.mjs');
    return bundleExample(args[0] ?? 'hono');
  }
  if (command === 'test') {
    const { runTests } = await import('./test.mjs');
    process.exitCode = await runTests(args);
    return undefined;
  }
  throw new Error(`There is no command "${command}": use start or test.`);
}

const example = await prepare().catch((error) => {
  console.error(error.message);
  process.exit(1);
});

if (example !== undefined) {
  // In this process, so that signals reach the example and its exit code is ours, with nothing in between.
  process.setSourceMapsEnabled(true);
  await import(example);
}

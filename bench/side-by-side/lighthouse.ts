/** Lighthouse's scores of a page: for a phone with its slow 4G and a CPU of a quarter, as it is by default. */
import { spawn } from 'node:child_process';
import { CHROMIUM, type MeasuredPage } from './pages.js';

/** Apache-2.0, 185 MB with all that it needs: it comes through npx, and is no part of an installation. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const;
const LEAST = 95;

interface Report {
  readonly categories: Readonly<
    Record<string, { readonly score: number | null; readonly auditRefs: readonly { readonly id: string }[] }>
  >;
  readonly audits: Readonly<Record<string, { readonly title: string; readonly score: number | null }>>;
}

/** One line of the table, and below it what has cost a score that is too low. */
export async function lighthouseRow({ name, url }: MeasuredPage, cookie: string): Promise<string> {
  const { categories, audits } = await reportOf(url, cookie);
  const scores = CATEGORIES.map((category) => Math.round((categories[category]?.score ?? 0) * 100));
  const met = scores.every((score) => score >= LEAST);
  if (!met) process.exitCode = 1;
  const wrong = CATEGORIES.flatMap((category) => categories[category]?.auditRefs ?? [])
    .map(({ id }) => audits[id])
    .filter((audit) => audit !== undefined && audit.score !== null && audit.score < 0.9)
    .map((audit) => audit?.title);
  const cells = [
    `${name}: Lighthouse’s performance, accessibility, best practices`,
    `at least ${LEAST} each`,
    `**${scores.join(', ')}**`,
    '–',
    '–',
    met ? '–' : [...new Set(wrong)].join('; '),
    met ? 'met' : '**NOT MET**',
  ];
  return `| ${cells.join(' | ')} |`;
}

async function reportOf(url: string, cookie: string): Promise<Report> {
  const options = ['--quiet', '--output=json', '--output-path=stdout', '--chrome-flags=--headless=new --no-sandbox'];
  const asked = [`--only-categories=${CATEGORIES.join()}`, `--extra-headers=${JSON.stringify({ cookie })}`];
  const child = spawn('npx', ['--yes', LIGHTHOUSE, url, ...options, ...asked], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // With CI set, it neither asks nor tells anybody anything.
    env: { ...process.env, CI: 'true', CHROME_PATH: CHROMIUM },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`Lighthouse ended with ${code} at ${url}`);
  return JSON.parse(output) as Report;
}

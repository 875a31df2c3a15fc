import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from '../side-by-side/compare.js';
import { chart } from './chart.js';
import type { Measurement } from './measurement.js';

const START = '<!-- measured -->';
const END = '<!-- /measured -->';

/** The lines of a Markdown table. */
export function table(measurements: readonly Measurement[]): string[] {
  return [
    '| task | instead of Bursar | theirs / ours | middle half | ours | theirs |',
    '| --- | --- | --- | --- | --- | --- |',
    ...measurements.map(({ task, peer, ratio, low, high, ours, theirs }) => {
      const times = [ours, theirs].map((time) => `${shown(time)} µs`);
      const cells = [`${task.group}: ${task.name}`, peer, `**${shown(ratio)} ×**`, `${shown(low)}–${shown(high)}`];
      return `| ${[...cells, ...times].join(' | ')} |`;
    }),
  ];
}

/** Puts chart and table into the guide, in place of those that are there. `run` says when and where they were measured. */
export function writePage(measurements: readonly Measurement[], run: string): void {
  const guides = join(process.cwd(), 'docs/guides');
  const path = join(guides, 'comparison.md');
  const [before, rest] = readFileSync(path, 'utf8').split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for what was measured`);
  const ahead = measurements.filter(({ ratio }) => ratio < 1).length;
  const words = `${run}. In ${ahead} of the ${measurements.length} lines the other one is ahead.`;
  const picture = '![How many times as long others take, task by task; the table has the figures](comparison.svg)';
  const measured = [START, '', words, '', picture, '', ...table(ordered(measurements)), '', END];
  writeFileSync(path, `${before}${measured.join('\n')}${after}`);
  writeFileSync(join(guides, 'comparison.svg'), chart(ordered(measurements)));
}

/** By group, each as it came. */
function ordered(measurements: readonly Measurement[]): Measurement[] {
  const groups = [...new Set(measurements.map(({ task }) => task.group))];
  return groups.flatMap((group) => measurements.filter(({ task }) => task.group === group));
}

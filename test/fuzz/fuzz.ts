import { inspect } from 'node:util';
import { redactText } from '@bursar/core';
import { chance } from '../faults/chance.js';
import { type FaultReport, Problems, secondsSince } from '../faults/report.js';
import type { Check, NamedParser, Parser } from './parser.js';

/** What one parser is run with. */
export interface FuzzOptions {
  readonly inputs: number;
  /** The same seed makes the same inputs. */
  readonly seed: number;
  /** The number of the first input, for one that is to be repeated. @default 0 */
  readonly first?: number;
  /** How long an input may take, in milliseconds. @default 10 */
  readonly limitMs?: number;
}

const LIMIT_MS = 10;
const REPEATS = 3;
const REOPENED_AFTER = 20_000;

/**
 * Runs a parser on so many inputs. One that takes too long by the clock is repeated three times, and the least of what it
 * took of this process's own time counts: a pause for another program, or for a collection of garbage, is nobody's fault.
 */
export async function fuzz(named: NamedParser, options: FuzzOptions): Promise<FaultReport> {
  const { inputs, seed, first = 0, limitMs = LIMIT_MS } = options;
  const began = performance.now();
  const problems = new Problems();
  let [uncaught, wrong, slow, slowest] = [0, 0, 0, 0];
  let opened = await named.open();
  for (let index = first; index < first + inputs; index++) {
    if (index % REOPENED_AFTER === 0) opened = await named.open();
    const input = opened.make(chance(seed + Math.imul(index, 0x9e3779b1)));
    const report = (what: string): void =>
      problems.add(`${named.name}: input ${index} of seed ${seed} ${what}: ${printed(input)}`);
    const started = performance.now();
    let check: Check;
    try {
      const parsing = opened.parse(input);
      check = parsing instanceof Promise ? await parsing : parsing;
    } catch (error) {
      uncaught++;
      report(`threw ${redactText(String(error instanceof Error ? (error.stack ?? error) : error))}`);
    }
    let took = performance.now() - started;
    const problem = typeof check === 'function' ? check() : check;
    if (problem !== undefined) {
      wrong++;
      report(problem);
    }
    if (took > limitMs) took = await leastOf(opened, input);
    if (took > limitMs) {
      slow++;
      report(`took ${took.toFixed(1)} ms`);
    }
    slowest = Math.max(slowest, took);
  }
  const line = `${named.name}: ${inputs} inputs, seed ${seed}: ${uncaught} uncaught, ${wrong} taken wrongly, ${slow} slower than ${limitMs} ms (the slowest ${slowest.toFixed(2)} ms; ${secondsSince(began)})`;
  return { line, problems: problems.found };
}

async function leastOf(opened: Parser<unknown>, input: unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const before = process.cpuUsage();
    await Promise.resolve()
      .then((): Check | Promise<Check> => opened.parse(input))
      .catch(() => undefined);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** In ASCII, cut short, and without anything that could be a credential: a log is copied into tickets. */
function printed(input: unknown): string {
  const text = inspect(input, {
    depth: 4,
    maxStringLength: 200,
    maxArrayLength: 10,
    breakLength: Number.POSITIVE_INFINITY,
  });
  return redactText(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

import { COMMON } from './arguments.js';
import type { Command, Option } from './command.js';

/** Everything there is. */
export function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, operands, about }) => [[name, ...operands].join(' '), about] as const);
  return `bursar <command> [options]\n\n${columns(lines)}\nEach has:\n\n${columns(optionLines(COMMON))}`;
}

/** One command. */
export function helpOf({ name, operands, about, options }: Command): string {
  const usage = ['bursar', name, ...operands, '[options]'].join(' ');
  return `${usage}\n\n${about}\n\n${columns(optionLines({ ...options, ...COMMON }))}`;
}

function optionLines(options: Readonly<Record<string, Option>>): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { value, about, required = false, multiple = false }]) => [
    value === undefined ? `--${name}` : `--${name} ${value}`,
    [about, ...(required ? ['needed'] : []), ...(multiple ? ['may be repeated'] : [])].join('; '),
  ]);
}

function columns(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}

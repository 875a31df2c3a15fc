/**
 * Lets the calls of this turn of the event loop arrive: they are gathered behind the batch that waits here, instead of
 * each paying for a commit of its own.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

// A credential is counted before anybody knows whether it holds, so whoever makes up a million of them must not fill the
// memory: what comes after this many names in one time shares a few counters.
const MOST_NAMES = 100_000;

/** Names to count by: as they are, until too many of them came in one time of `seconds`. */
export function boundedNames(seconds: number, now: () => number, most: number = MOST_NAMES): (name: string) => string {
  let known = new Set<string>();
  let end = 0;
  return (name) => {
    const moment = now();
    if (moment >= end) {
      known = new Set();
      end = moment + seconds * 1000;
    }
    if (known.has(name)) return name;
    if (known.size >= most) return `shared:${name.slice(0, 2)}`;
    known.add(name);
    return name;
  };
}

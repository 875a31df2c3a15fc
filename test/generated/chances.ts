import { between, chance } from '../faults/chance.js';

/** What a seed decides. */
export class Chances {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = chance(seed);
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return between(this.#random, least, most);
  }

  /** True in so many of a hundred cases. */
  percent(cases: number): boolean {
    return this.#random() * 100 < cases;
  }

  one<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.between(0, items.length - 1)] ?? items[0];
  }

  /** One of those that there are; `undefined` where there are none. */
  any<Item>(items: readonly Item[]): Item | undefined {
    return items[this.between(0, items.length - 1)];
  }
}

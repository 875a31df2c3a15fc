/** The model: what the books must say after any operations. The ledger is right where it says the same. */

/** Money that goes from one account to another. */
export type Move = readonly [from: string, to: string, amount: number];

/** Balances by account. What is reserved stands in an account of its own, {@link held}. */
export class Balances {
  #of = new Map<string, number>([['external', 0]]);
  /** How many transfers there were. */
  transfers = 0;

  of(account: string): number {
    return this.#of.get(account) ?? 0;
  }

  /** Makes all moves or none: none where one would take more than there is, but from outside. */
  move(...moves: readonly Move[]): boolean {
    const next = new Map(this.#of);
    for (const [from, to, amount] of moves) {
      next.set(from, (next.get(from) ?? 0) - amount).set(to, (next.get(to) ?? 0) + amount);
      if (from !== 'external' && (next.get(from) ?? 0) < 0) return false;
    }
    this.#of = next;
    this.transfers += moves.length;
    return true;
  }
}

/** What is reserved of an account. */
export const held = (account: string): string => `held of ${account}`;

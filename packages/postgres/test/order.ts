/** What a child process is told to do, once all of them are loaded. */
export type Order =
  | { readonly task: 'open'; readonly url: string; readonly schema: string }
  | {
      readonly task: 'move';
      readonly url: string;
      readonly schema: string;
      readonly name: string;
      /** Pays each account's money to the next one, and the last one's to the first. */
      readonly accounts: readonly string[];
      /** Batches to apply; after each one its number is told. */
      readonly batches: number;
    };

/** What a child tells. */
export type Report =
  | { readonly told: 'loaded' }
  | { readonly told: 'applied'; readonly batch: number; readonly statuses: readonly string[]; readonly ms: number }
  | { readonly told: 'done' }
  | { readonly told: 'failed'; readonly message: string };

export const BATCH_SIZE = 128;

/** The ids of the transfers in a child's batch. */
export function idsOf(name: string, batch: number): string[] {
  return Array.from({ length: BATCH_SIZE }, (_, index) => `${name}_${batch}_${index}`);
}

import { describe, expect, it } from 'vitest';
import { repeatedMembers } from './repeated-members.js';

describe('repeatedMembers', () => {
  it('costs a long body no more than its length', () => {
    const texts = [
      (n: number) => `{${Array.from({ length: n / 10 }, (_, index) => `"${index}":1`).join(',')}}`,
      (n: number) => `${'['.repeat(n / 2)}${']'.repeat(n / 2)}`,
      (n: number) => `${'{"a":'.repeat(n / 6)}1${'}'.repeat(n / 6)}`,
      (n: number) => `"${'\\\\'.repeat(n / 2)}"`,
    ];
    for (const make of texts) {
      const times = [50_000, 800_000].map((length) => {
        const text = make(length);
        const runs = [0, 1, 2].map(() => {
          const start = performance.now();
          repeatedMembers(text);
          return performance.now() - start;
        });
        return Math.min(...runs);
      }) as [number, number];
      expect(times[1]).toBeLessThan((times[0] + 2) * 64);
    }
  });
});

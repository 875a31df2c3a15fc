import { describe, expect, it } from 'vitest';
import { redactText } from './redact.js';

describe('redact of a text', () => {
  it('costs hostile text no more than its length', () => {
    const hostile = [
      (n: number) => 'a'.repeat(n),
      (n: number) =>
        'f'
          .repeat(63)
          .concat(' ')
          .repeat(n / 64),
      (n: number) => '_live_'.repeat(n / 6),
      (n: number) => '_pub_test_a'.repeat(n / 11),
      (n: number) => `bearer${' '.repeat(n)}"`,
      (n: number) => 'bearer '.repeat(n / 7),
      (n: number) => 'basic\t\t'.repeat(n / 7),
      (n: number) => '?payout_hash='.repeat(n / 13),
      (n: number) => '&payout_hash'.repeat(n / 12),
      (n: number) => '\ud800'.repeat(n),
    ];
    const best = (text: string): number => {
      const times = [0, 1, 2].map(() => {
        const start = performance.now();
        redactText(text);
        return performance.now() - start;
      });
      return Math.min(...times);
    };
    for (const make of hostile) {
      const [small, large] = [best(make(60_000)), best(make(960_000))];
      // Sixteen times the text: a square would take 256 times as long. The millisecond is for the clock.
      expect(large).toBeLessThan((small + 1) * 64);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { type Step, stepFor, type Verdict } from './news.js';
import type { WithdrawalStatus } from './record.js';

const TABLE: Record<WithdrawalStatus, Record<Verdict, Step>> = {
  review: { sent: 'post', pending: 'nothing', refused: 'conflict', returned: 'post' },
  queued: { sent: 'post', pending: 'nothing', refused: 'conflict', returned: 'post' },
  sending: { sent: 'post', pending: 'wait', refused: 'void', returned: 'post' },
  processing: { sent: 'post', pending: 'wait', refused: 'void', returned: 'post' },
  unknown: { sent: 'post', pending: 'wait', refused: 'void', returned: 'post' },
  succeeded: { sent: 'nothing', pending: 'nothing', refused: 'conflict', returned: 'return' },
  failed: { sent: 'conflict', pending: 'nothing', refused: 'nothing', returned: 'conflict' },
  rejected: { sent: 'conflict', pending: 'nothing', refused: 'nothing', returned: 'conflict' },
  returned: { sent: 'nothing', pending: 'nothing', refused: 'nothing', returned: 'nothing' },
};

describe('stepFor', () => {
  it.each(
    Object.entries(TABLE).flatMap(([status, steps]) =>
      Object.entries(steps).map(([verdict, step]) => [status as WithdrawalStatus, verdict as Verdict, step] as const),
    ),
  )('takes for one that is %s the news "%s" as: %s', (status, verdict, step) => {
    expect(stepFor(status, verdict)).toBe(step);
  });
});

import type { BusinessId } from '@bursar/core/storage';
import type { UsageRecord, UsageStorage, UsageSum } from '@bursar/payouts/storage';
import { PlainAudit } from './plain-audit.js';
import { falling } from './plain-events.js';

/** The part of `PlainStorage` that counts use. */
export class PlainUsage extends PlainAudit implements UsageStorage {
  addUsage(counts: readonly UsageRecord[]): Promise<void> {
    return this.transact(async () => {
      const sums = new Map<string, UsageRecord>();
      for (const count of counts) {
        const key = this.usageKey(count);
        const known = sums.get(key) ?? this.tables.usage.get(key);
        sums.set(key, this.own({ ...count, requests: checked((known?.requests ?? 0) + checked(count.requests)) }));
      }
      await this.roundTrip();
      for (const [key, sum] of sums) this.tables.usage.set(key, sum);
    });
  }

  async listUsage(businessId: BusinessId, fromDay: string, toDay: string): Promise<readonly UsageRecord[]> {
    const own = [...this.tables.usage.values()].filter((row) => row.businessId === businessId);
    return own
      .filter(({ day }) => day >= fromDay && day <= toDay)
      .sort((left, right) => this.compareUsage(left, right));
  }

  async sumUsage(businessId: BusinessId, fromDay: string, toDay: string): Promise<readonly UsageSum[]> {
    const sums = new Map<string, UsageSum>();
    for (const row of await this.listUsage(businessId, fromDay, toDay)) {
      const key = this.sumKey(row);
      const { requests, refused } = sums.get(key) ?? { requests: 0, refused: 0 };
      const { day, credential } = row;
      const counted = this.isRefused(row) ? row.requests : 0;
      sums.set(key, { businessId, day, credential, requests: requests + row.requests, refused: refused + counted });
    }
    return [...sums.values()];
  }

  protected isRefused({ status }: UsageRecord): boolean {
    return status >= 400;
  }

  protected sumKey({ day, credential }: UsageRecord): string {
    return [day, credential].join('\0');
  }

  protected usageKey({ businessId, day, credential, route, status }: UsageRecord): string {
    return [businessId, day, credential, route, status].join('\0');
  }

  protected compareUsage(left: UsageRecord, right: UsageRecord): number {
    const byText = falling(right.day, left.day) || falling(right.credential, left.credential);
    return byText || falling(right.route, left.route) || left.status - right.status;
  }
}

function checked(requests: number): number {
  if (!Number.isSafeInteger(requests) || requests < 1) throw new RangeError('requests must be a count');
  return requests;
}

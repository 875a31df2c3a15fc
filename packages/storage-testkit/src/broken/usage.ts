import type { BusinessId } from '@bursar/core/storage';
import type { UsageRecord } from '@bursar/payouts/storage';
import { usageAddsUp } from '../promises/usage-adds-up.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';

/** Puts in place what is to be added. */
class ReplacesACount extends PlainStorage {
  override async addUsage(counts: readonly UsageRecord[]): Promise<void> {
    for (const count of counts) this.tables.usage.delete(this.usageKey(count));
    await super.addUsage(counts);
  }
}

/** One row a key and statement. */
class AddsAKeyOnce extends PlainStorage {
  override async addUsage(counts: readonly UsageRecord[]): Promise<void> {
    await super.addUsage([...new Map(counts.map((count) => [this.usageKey(count), count])).values()]);
  }
}

const counting = (without: keyof UsageRecord): PlainStorageClass =>
  class extends PlainStorage {
    protected override usageKey(count: UsageRecord): string {
      return super.usageKey({ ...count, [without]: 0 });
    }
  };

/** A statement a count, and no transaction around them. */
class AddsOneByOne extends PlainStorage {
  override async addUsage(counts: readonly UsageRecord[]): Promise<void> {
    for (const count of counts) await super.addUsage([count]);
  }
}

/** Adds what it is given, whatever that is. */
class AddsAnything extends PlainStorage {
  override async addUsage(counts: readonly UsageRecord[]): Promise<void> {
    for (const count of counts) {
      const requests = (this.tables.usage.get(this.usageKey(count))?.requests ?? 0) + count.requests;
      this.tables.usage.set(this.usageKey(count), this.own({ ...count, requests }));
    }
  }
}

class LeavesTheLastDayOut extends PlainStorage {
  override async listUsage(businessId: BusinessId, fromDay: string, toDay: string) {
    return (await super.listUsage(businessId, fromDay, toDay)).filter(({ day }) => day !== toDay);
  }
}

class SortsStatusesAsText extends PlainStorage {
  protected override compareUsage(left: UsageRecord, right: UsageRecord): number {
    const byText = super.compareUsage({ ...left, status: 0 }, { ...right, status: 0 });
    return byText || (String(left.status) < String(right.status) ? -1 : 1);
  }
}

class SortsCredentialsByLanguage extends PlainStorage {
  protected override compareUsage(left: UsageRecord, right: UsageRecord): number {
    if (left.day !== right.day) return super.compareUsage(left, right);
    const byCredential = new Intl.Collator('en').compare(left.credential, right.credential);
    return byCredential || super.compareUsage(left, right);
  }
}

class CountsRedirectsAsRefused extends PlainStorage {
  protected override isRefused({ status }: UsageRecord): boolean {
    return status >= 300;
  }
}

class LeavesBadRequestsOut extends PlainStorage {
  protected override isRefused({ status }: UsageRecord): boolean {
    return status > 400;
  }
}

class SumsCredentialsTogether extends PlainStorage {
  protected override sumKey({ day }: UsageRecord): string {
    return day;
  }
}

class SumsDaysTogether extends PlainStorage {
  protected override sumKey({ credential }: UsageRecord): string {
    return credential;
  }
}

class SumsFromTheNextDay extends PlainStorage {
  override async sumUsage(businessId: BusinessId, fromDay: string, toDay: string) {
    const sums = await super.sumUsage(businessId, fromDay, toDay);
    return sums.filter(({ day }) => day > fromDay);
  }
}

class SumsForAll extends PlainStorage {
  override async sumUsage(businessId: BusinessId, fromDay: string, toDay: string) {
    const all = [...new Set([...this.tables.usage.values()].map((row) => row.businessId))];
    const sums = await Promise.all(all.map((id) => super.sumUsage(id, fromDay, toDay)));
    return sums.flat().map((sum) => ({ ...sum, businessId }));
  }
}

/** As a column of 32 bits, or a float, has it. */
class SumsInHalfTheBits extends PlainStorage {
  override async sumUsage(businessId: BusinessId, fromDay: string, toDay: string) {
    const sums = await super.sumUsage(businessId, fromDay, toDay);
    return sums.map((sum) => ({ ...sum, requests: Math.fround(sum.requests) }));
  }
}

const EACH = 'each count by itself';
const LISTED = 'by day, credential, route and status, days included';
const SUMMED = 'sums for each day and credential';
const BOUNDED = 'a count out of bounds leaves the others out too';
const RACE = '32 callers who add to the same counts, in other orders';

/** Faults about counts of use. */
export const brokenUsage = brokenStorages(usageAddsUp, {
  'a count is replaced': [ReplacesACount, EACH],
  'a key counts once a call': [AddsAKeyOnce, EACH],
  'statuses are counted together': [counting('status'), EACH],
  'routes are counted together': [counting('route'), EACH],
  'days are counted together': [counting('day'), EACH],
  'counts are added one by one': [AddsOneByOne, BOUNDED],
  'anything is added': [AddsAnything, BOUNDED],
  'the last day is left out': [LeavesTheLastDayOut, LISTED],
  'statuses are sorted as text': [SortsStatusesAsText, LISTED],
  'credentials are in the order of a language': [SortsCredentialsByLanguage, LISTED],
  'a redirect is a refusal': [CountsRedirectsAsRefused, SUMMED],
  'a status of 400 is no refusal': [LeavesBadRequestsOut, SUMMED],
  'credentials are summed up together': [SumsCredentialsTogether, SUMMED],
  'days are summed up together': [SumsDaysTogether, SUMMED],
  'sums leave the first day out': [SumsFromTheNextDay, SUMMED],
  'sums are of all businesses': [SumsForAll, SUMMED],
  'sums are short floats': [SumsInHalfTheBits, 'sums up to 2^53 - 1'],
  'adding is not locked': [UnlockedStorage, RACE, `${RACE}, between two connections`],
});

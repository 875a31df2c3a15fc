import type { LedgerConditions, WithdrawalChange, WithdrawalOpening, WithdrawalRecord } from '@bursar/payouts/storage';

const WITHOUT_MONEY = ['failed', 'rejected', 'returned'];

/** One business's withdrawals, as plainly as they can be written: of each one all that it ever was. */
export class WithdrawalModel {
  readonly #states = new Map<string, WithdrawalRecord[]>();

  constructor(readonly now: () => number) {}

  /** Each withdrawal as it stands, newest first. */
  list(): WithdrawalRecord[] {
    const present = [...this.#states.values()].map((states) => states.at(-1) as WithdrawalRecord);
    return present.sort((left, right) => right.sequence - left.sequence);
  }

  /** Each state that a withdrawal ever had. */
  statesOf(id: string): readonly WithdrawalRecord[] {
    return this.#states.get(id) ?? [];
  }

  isAt(version: number, id: string): boolean {
    return this.statesOf(id).length === version + 1;
  }

  keepsWithin(
    { payoutUserId, seconds, amount }: NonNullable<LedgerConditions['withdrawalLimit']>,
    opening: WithdrawalOpening | undefined,
  ): boolean {
    const counted = this.list().filter(
      (withdrawal) =>
        withdrawal.payoutUserId === payoutUserId &&
        this.now() - withdrawal.createdAt < seconds * 1000 &&
        !WITHOUT_MONEY.includes(withdrawal.status),
    );
    const amounts = [...counted, ...(opening?.payoutUserId === payoutUserId ? [opening] : [])];
    return amounts.reduce((sum, withdrawal) => sum + withdrawal.amount, 0) <= amount;
  }

  open({ dueInSeconds, ...opening }: WithdrawalOpening, sequence: number): WithdrawalRecord {
    const [createdAt, dueAt] = [this.now(), this.#in(dueInSeconds)];
    const times = { dueAt, sendStartedAt: null, createdAt, updatedAt: createdAt };
    return this.#keep({ ...opening, ...times, sequence, version: 0 });
  }

  change({ id, expectedVersion, startsSending, dueInSeconds, ...state }: WithdrawalChange): WithdrawalRecord {
    const states = this.statesOf(id);
    const last = states.at(-1) as WithdrawalRecord;
    const firstExport = states.find(({ exportId }) => exportId !== null);
    return this.#keep({
      ...last,
      ...state,
      exportId: firstExport?.exportId ?? state.exportId,
      version: states.length,
      dueAt: this.#in(dueInSeconds),
      sendStartedAt: last.sendStartedAt === null && startsSending ? this.now() : last.sendStartedAt,
      updatedAt: this.now(),
    });
  }

  #in(seconds: number | null): number | null {
    return seconds === null ? null : this.now() + 1000 * seconds;
  }

  #keep(state: WithdrawalRecord): WithdrawalRecord {
    this.#states.set(state.id, [...this.statesOf(state.id), state]);
    return state;
  }
}

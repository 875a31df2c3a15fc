import type { AccountRecord, TransferRecord } from '../storage.js';
import { EFFECTS } from './move.js';

/** What is wrong with an account, or with one transfer in its history. */
export interface Fault {
  readonly transferId?: string | undefined;
  readonly problem: string;
}

const SUMS = ['debitsPosted', 'debitsPending', 'creditsPosted', 'creditsPending'] as const;

/**
 * Goes down the history of one account from its newest transfer, taking each back, and says what cannot be: the account
 * must have been in order at every place, and empty before the first one.
 */
export class AccountProof {
  readonly #sums: Record<(typeof SUMS)[number], number>;
  #place: number;
  /** Resolutions whose pending transfer must still come, by its id. */
  readonly #resolutions = new Map<string, TransferRecord>();

  constructor(readonly account: AccountRecord) {
    const { debitsPosted, debitsPending, creditsPosted, creditsPending } = account;
    this.#sums = { debitsPosted, debitsPending, creditsPosted, creditsPending };
    this.#place = account.sequence;
  }

  step(transfer: TransferRecord): Fault | undefined {
    const problem = this.#wrongState() ?? this.#wrongPlace(transfer) ?? this.#wrongResolution(transfer);
    if (problem !== undefined) return { transferId: transfer.id, problem };
    const side = transfer.debitAccountId === this.account.id ? 'debits' : 'credits';
    const { pending, posted } = EFFECTS[transfer.phase];
    this.#sums[`${side}Pending`] -= pending * transfer.amount;
    this.#sums[`${side}Posted`] -= posted * transfer.amount;
    this.#place--;
    return undefined;
  }

  end(): Fault | undefined {
    if (this.#place > 0) return { problem: `its history lacks place ${this.#place}` };
    const [orphan] = this.#resolutions.values();
    if (orphan !== undefined)
      return { transferId: orphan.id, problem: `it resolves ${orphan.pendingId}, which is not there` };
    const wrong = SUMS.filter((sum) => this.#sums[sum] !== 0);
    if (wrong.length === 0) return undefined;
    const differences = wrong.map((sum) => `${sum} by ${this.#sums[sum]}`);
    return { problem: `its sums differ from those of its transfers: ${differences.join(', ')}` };
  }

  #wrongState(): string | undefined {
    const { debitsPosted, debitsPending, creditsPosted } = this.#sums;
    const wrong = SUMS.find((sum) => !Number.isSafeInteger(this.#sums[sum]) || this.#sums[sum] < 0);
    if (wrong !== undefined) return `after it, ${wrong} is ${this.#sums[wrong]}`;
    const isOverdrawn = this.account.debitsMustNotExceedCredits && debitsPosted + debitsPending > creditsPosted;
    return isOverdrawn ? 'after it, the account is overdrawn' : undefined;
  }

  #wrongPlace(transfer: TransferRecord): string | undefined {
    const { id, businessId } = this.account;
    const { debitAccountId, creditAccountId, debitSequence, creditSequence, outcome, amount } = transfer;
    if (transfer.businessId !== businessId || (debitAccountId !== id && creditAccountId !== id)) {
      return 'it is of other accounts';
    }
    const place = debitAccountId === id ? debitSequence : creditSequence;
    if (place !== this.#place) return `it stands at place ${place} where ${this.#place} is due`;
    if (outcome !== 'applied') return `it is in the history, and its outcome is ${outcome}`;
    return Number.isSafeInteger(amount) && amount >= 0 ? undefined : `its amount is ${amount}`;
  }

  #wrongResolution(transfer: TransferRecord): string | undefined {
    const { id, phase, pendingId } = transfer;
    const resolution = this.#resolutions.get(id);
    this.#resolutions.delete(id);
    if (resolution !== undefined && (phase !== 'pending' || !isSameMoney(resolution, transfer))) {
      return `${resolution.id} resolves it, and it is not the pending transfer of that`;
    }
    if (pendingId === null) return phase === 'post' || phase === 'void' ? 'it resolves nothing' : undefined;
    const rival = this.#resolutions.get(pendingId);
    if (rival !== undefined) return `${pendingId} is resolved by it and by ${rival.id}`;
    this.#resolutions.set(pendingId, transfer);
    return undefined;
  }
}

function isSameMoney(left: TransferRecord, right: TransferRecord): boolean {
  return (
    left.amount === right.amount &&
    left.debitAccountId === right.debitAccountId &&
    left.creditAccountId === right.creditAccountId
  );
}

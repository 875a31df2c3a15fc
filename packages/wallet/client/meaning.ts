import type { Operation } from '@bursar/client';
import type { MessageKey } from './messages/messages.js';

/** What an operation means to the user. */
export interface Meaning {
  readonly key: MessageKey;
  /** What it changed of what can be withdrawn: the money of a withdrawal goes when it is set aside, not when it is paid. */
  readonly change: number;
}

/** Reads an operation of the ledger. */
export function meaningOf({ type, phase, direction, amount }: Operation): Meaning {
  const isFee = type === 'fee';
  switch (phase) {
    case 'pending':
      return { key: isFee ? 'reservedFee' : 'reservedOperation', change: -amount };
    case 'post':
      return { key: isFee ? 'paidFee' : 'paidOut', change: 0 };
    case 'void':
      return { key: 'givenBack', change: amount };
    default:
      if (direction === 'debit')
        return { key: type === 'reclaim' ? 'reclaimed' : isFee ? 'paidFee' : 'paidOut', change: -amount };
      return { key: type === 'return' ? 'givenBack' : 'received', change: amount };
  }
}

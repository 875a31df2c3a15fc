import { describe, expect, it } from 'vitest';
import { account, OTHER_BIZ, record, resolving, transfer } from '../../test/ledger-rows.js';
import type { AccountRecord, TransferRecord } from '../storage.js';
import { AccountProof, type Fault } from './account-proof.js';

/** What is wrong with an account that has this history, the newest transfer first. */
function faultOf(row: AccountRecord, history: readonly TransferRecord[]): Fault | undefined {
  const proof = new AccountProof(row);
  for (const step of history) {
    const fault = proof.step(step);
    if (fault !== undefined) return fault;
  }
  return proof.end();
}

const paid = record(transfer('t1'));
const pending = record(transfer('t1', { phase: 'pending' }));
const posted = record(resolving(pending, 'post', 't2'), { creditSequence: 2, debitSequence: 2 });

describe('AccountProof, on an account in order', () => {
  it.each([
    ['that was paid', account('ann', { creditsPosted: 10, sequence: 1 }), [paid]],
    ['that was paid nothing', account('ann', { sequence: 1 }), [record(transfer('t1', { amount: 0 }))]],
    ['that something is reserved for', account('ann', { creditsPending: 10, sequence: 1 }), [pending]],
    ['whose reservation was posted', account('ann', { creditsPosted: 10, sequence: 2 }), [posted, pending]],
    [
      'whose reservation was voided',
      account('ann', { sequence: 2 }),
      [record(resolving(pending, 'void', 't2'), { creditSequence: 2 }), pending],
    ],
    [
      'that may be overdrawn',
      account('external', { debitsPosted: 10, sequence: 1 }),
      [record(transfer('t1', { debitAccountId: 'external' }))],
    ],
    ['that nothing has happened to', account('ann'), []],
  ])('finds nothing wrong with one %s', (_what, row, history) => {
    expect(faultOf(row, history)).toBeUndefined();
  });
});

describe('AccountProof, on an account whose sums cannot be', () => {
  it.each([
    [{ creditsPosted: -1 }, 'after it, creditsPosted is -1'],
    [{ creditsPosted: 0.5 }, 'after it, creditsPosted is 0.5'],
    [{ debitsPosted: 2 ** 53 }, 'after it, debitsPosted is 9007199254740992'],
    [{ debitsPending: -1 }, 'after it, debitsPending is -1'],
    [{ creditsPending: -1 }, 'after it, creditsPending is -1'],
    [{ creditsPosted: 10, debitsPosted: 6, debitsPending: 5 }, 'after it, the account is overdrawn'],
    [{ creditsPosted: 10, debitsPosted: 11 }, 'after it, the account is overdrawn'],
  ])('names the newest transfer where they are %j', (sums, problem) => {
    expect(faultOf(account('ann', { ...sums, sequence: 1 }), [paid])).toEqual({ transferId: 't1', problem });
  });

  it('says which sums are not those of the transfers, and by how much', () => {
    expect(faultOf(account('ann', { creditsPosted: 13, creditsPending: 2, sequence: 1 }), [paid])).toEqual({
      problem: 'its sums differ from those of its transfers: creditsPosted by 3, creditsPending by 2',
    });
  });
});

describe('AccountProof, on a history that cannot be', () => {
  const row = account('ann', { creditsPosted: 10, sequence: 1 });

  it.each<[Partial<TransferRecord>, string]>([
    [{ businessId: OTHER_BIZ }, 'it is of other accounts'],
    [{ creditAccountId: 'bob' }, 'it is of other accounts'],
    [{ creditSequence: 2 }, 'it stands at place 2 where 1 is due'],
    [{ outcome: 'insufficient_funds' }, 'it is in the history, and its outcome is insufficient_funds'],
    [{ amount: -1 as TransferRecord['amount'] }, 'its amount is -1'],
    [{ amount: 0.5 as TransferRecord['amount'] }, 'its amount is 0.5'],
    [{ phase: 'post' }, 'it resolves nothing'],
    [{ phase: 'void' }, 'it resolves nothing'],
  ])('names a transfer that is %j', (over, problem) => {
    expect(faultOf(row, [{ ...paid, ...over }])).toEqual({ transferId: 't1', problem });
  });

  it('takes the place of the side that the account is on', () => {
    const debit = record(transfer('t1', { debitAccountId: 'ann', creditAccountId: 'bob' }), {
      debitSequence: 1,
      creditSequence: 7,
    });
    expect(faultOf(account('ann', { creditsPosted: 10, debitsPosted: 10, sequence: 1 }), [debit])).toEqual({
      problem: 'its sums differ from those of its transfers: creditsPosted by 10',
    });
  });

  it('says which place is lacking', () => {
    expect(faultOf(account('ann', { creditsPosted: 10, sequence: 2 }), [{ ...paid, creditSequence: 2 }])).toEqual({
      problem: 'its history lacks place 1',
    });
  });

  it('names a resolution of what is not there', () => {
    const alone = { ...posted, creditSequence: 1 };
    expect(faultOf(row, [alone])).toEqual({ transferId: 't2', problem: 'it resolves t1, which is not there' });
  });

  it('names what is resolved though it is not pending, or is of other money', () => {
    const problem = 't2 resolves it, and it is not the pending transfer of that';
    const twice = account('ann', { creditsPosted: 20, sequence: 2 });
    expect(faultOf(twice, [posted, paid])).toEqual({ transferId: 't1', problem });

    const once = account('ann', { creditsPosted: 10, sequence: 2 });
    for (const over of [{ amount: 9 as TransferRecord['amount'] }, { debitAccountId: 'external' }]) {
      expect(faultOf(once, [posted, { ...pending, ...over }])).toEqual({ transferId: 't1', problem });
    }
    const payer = account('balance', { creditsPosted: 10, debitsPosted: 10, sequence: 2 });
    expect(faultOf(payer, [posted, { ...pending, creditAccountId: 'bob' }])).toEqual({ transferId: 't1', problem });
  });

  it('names two resolutions of one transfer', () => {
    const later = { ...posted, id: 't3', creditSequence: 3 };
    expect(faultOf(account('ann', { creditsPosted: 20, sequence: 3 }), [later, posted, pending])).toEqual({
      transferId: 't2',
      problem: 't1 is resolved by it and by t3',
    });
  });
});

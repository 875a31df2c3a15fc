import type {
  Digest,
  PayoutHashReissue,
  PayoutHashReissueOutcome,
  PayoutUserChange,
  PayoutUserRecord,
} from '@bursar/core/storage';
import { aClosedUserStaysClosed } from '../promises/a-closed-user-stays-closed.js';
import { aReissueIdReplays } from '../promises/a-reissue-id-replays.js';
import { anAddressIsOpenedOnce } from '../promises/an-address-is-opened-once.js';
import { reissueNeedsTheGeneration } from '../promises/reissue-needs-the-generation.js';
import { secretsInUseAreListed } from '../promises/secrets-in-use-are-listed.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, UnlockedStorage } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

/** Looks for each record's address before any is kept. */
class OpensADoubleTwice extends PlainStorage {
  override openPayoutUsers(records: readonly PayoutUserRecord[]) {
    return this.transact(async () => {
      const holders = records.map((record) => this.holderOf(record));
      return records.map((record, index) => holders[index] ?? this.put(this.tables.payoutUsers, record));
    });
  }
}

class OverwritesUsers extends PlainStorage {
  override openPayoutUsers(records: readonly PayoutUserRecord[]) {
    return this.transact(async () => {
      for (const record of records) {
        const holder = this.holderOf(record);
        if (holder) this.tables.payoutUsers.delete(keyOf(holder));
        this.put(this.tables.payoutUsers, record);
      }
      return records.map((record) => this.holderOf(record));
    });
  }
}

/** Takes a closed user's address for free. */
class OpensClosedAddresses extends PlainStorage {
  protected override holderOf(email: Parameters<PlainStorage['findPayoutUsersByEmail']>[0][number]) {
    const holder = super.holderOf(email);
    return holder?.status === 'closed' ? undefined : holder;
  }
}

class FailsOnAStranger extends PlainStorage {
  override async openPayoutUsers(records: readonly PayoutUserRecord[]) {
    if (records.some(({ businessId }) => !this.tables.businesses.has(businessId))) throw new Error('no such business');
    return super.openPayoutUsers(records);
  }
}

class TakesADigestTwice extends PlainStorage {
  protected override requireFree(): void {}
}

/** Writes what it can before it finds that it cannot do all. */
class OpensAPart extends PlainStorage {
  override async openPayoutUsers(records: readonly PayoutUserRecord[]) {
    for (const record of records) await super.openPayoutUsers([record]);
    return super.openPayoutUsers(records);
  }
}

class ResetsWhatIsLeftOut extends PlainStorage {
  override async changePayoutUser(change: PayoutUserChange) {
    return super.changePayoutUser({ expiresAt: null, ...change });
  }
}

class LeavesTheExpiry extends PlainStorage {
  override async changePayoutUser({ expiresAt, ...change }: PayoutUserChange) {
    return super.changePayoutUser(expiresAt ? { ...change, expiresAt } : change);
  }
}

class ChangesClosedUsers extends PlainStorage {
  override changePayoutUser(change: PayoutUserChange) {
    return this.transact(async () => {
      const user = await this.findPayoutUser(change.businessId, change.id);
      if (user === null) return { status: 'not_found' as const };
      return { status: 'changed' as const, payoutUser: this.put(this.tables.payoutUsers, { ...user, ...change }) };
    });
  }
}

class ReissuesAnyGeneration extends PlainStorage {
  override async reissuePayoutHash(reissue: PayoutHashReissue) {
    const user = this.tables.payoutUsers.get(keyOf(reissue));
    return super.reissuePayoutHash({ ...reissue, expectedGeneration: user?.generation ?? 0 });
  }
}

/** Lets the hash live on that was to be revoked. */
class FindsOldHashes extends PlainStorage {
  readonly #old = new Map<Digest, Digest>();

  override async reissuePayoutHash(reissue: PayoutHashReissue) {
    const user = this.tables.payoutUsers.get(keyOf(reissue));
    const outcome = await super.reissuePayoutHash(reissue);
    if (user && outcome.status === 'reissued') this.#old.set(user.digest, outcome.payoutUser.digest);
    return outcome;
  }

  override async findPayoutUsers(digests: readonly Digest[]) {
    return super.findPayoutUsers(digests.map((digest) => this.#old.get(digest) ?? digest));
  }
}

class KnowsNoReissueId extends PlainStorage {
  override async reissuePayoutHash(reissue: PayoutHashReissue) {
    return super.reissuePayoutHash({ ...reissue, reissueId: null });
  }
}

class ChecksTheGenerationFirst extends PlainStorage {
  override async reissuePayoutHash(reissue: PayoutHashReissue): Promise<PayoutHashReissueOutcome> {
    const payoutUser = this.tables.payoutUsers.get(keyOf(reissue));
    if (payoutUser && payoutUser.generation !== reissue.expectedGeneration && reissue.expectedGeneration > 1)
      return { status: 'generation_changed', payoutUser };
    return super.reissuePayoutHash(reissue);
  }
}

class ChecksClosingFirst extends PlainStorage {
  override async reissuePayoutHash(reissue: PayoutHashReissue): Promise<PayoutHashReissueOutcome> {
    if (this.tables.payoutUsers.get(keyOf(reissue))?.status === 'closed') return { status: 'closed' };
    return super.reissuePayoutHash(reissue);
  }
}

class RemembersWhatWasNotDone extends PlainStorage {
  override async reissuePayoutHash(reissue: PayoutHashReissue) {
    const outcome = await super.reissuePayoutHash(reissue);
    this.tables.reissues.add(`${keyOf(reissue)}\0${reissue.reissueId}`);
    return outcome;
  }
}

class ListsClosedSecrets extends PlainStorage {
  override async listSecretIds() {
    return [...new Set([...this.tables.payoutUsers.values()].map(({ secretId }) => secretId))].sort();
  }
}

class ListsSecretsUnsorted extends PlainStorage {
  override async listSecretIds() {
    return [...(await super.listSecretIds())].reverse();
  }
}

class ListsActiveSecretsOnly extends PlainStorage {
  override async listSecretIds() {
    const active = [...this.tables.payoutUsers.values()].filter(({ status }) => status === 'active');
    return [...new Set(active.map(({ secretId }) => secretId))].sort();
  }
}

const LISTED = 'of all businesses, each once, sorted, closed users left out';

/** Faults about payout users and their hashes. */
export const brokenUsers = [
  ...brokenStorages(anAddressIsOpenedOnce, {
    'an address twice in an array makes two': [OpensADoubleTwice, 'two records of one address in one array'],
    'a user that exists is overwritten': [
      OverwritesUsers,
      'one that exists stays as it is, closed ones too',
      'two records of one address in one array',
      'an unknown business among known ones',
    ],
    'an unknown business is an error': [FailsOnAStranger, 'an unknown business among known ones'],
    'two users have one digest': [TakesADigestTwice, 'a digest that another user has is an error, and changes nothing'],
    'a call that throws has done a part': [
      OpensAPart,
      'a digest that another user has is an error, and changes nothing',
    ],
    'opening is not locked': [
      UnlockedStorage,
      'openPayoutUsers and allocations open one address',
      'openPayoutUsers and allocations open one address, between two connections',
      '24 callers open the same addresses',
      '24 callers open the same addresses, between two connections',
    ],
  }),
  ...brokenStorages(aClosedUserStaysClosed, {
    'a field left out is reset': [ResetsWhatIsLeftOut, 'fields left out stay, and null takes the expiry away'],
    'an expiry cannot be taken away': [LeavesTheExpiry, 'fields left out stay, and null takes the expiry away'],
    'a closed user is changed': [
      ChangesClosedUsers,
      'a closed user does not change, by whatever call',
      'closing races with other changes',
    ],
    "a closed user's address is opened anew": [OpensClosedAddresses, 'the address of a closed user is not opened anew'],
    'changing is not locked': [
      UnlockedStorage,
      'a status, an expiry and a reissue at the same time all hold',
      'a status, an expiry and a reissue at the same time all hold, between two connections',
      'closing races with other changes',
      'closing races with other changes, between two connections',
    ],
  }),
  ...brokenStorages(reissueNeedsTheGeneration, {
    'any generation is reissued': [ReissuesAnyGeneration, 'another generation changes nothing'],
    'the old hash lives on': [FindsOldHashes, 'the new digest is in force, and the old one is no more'],
    'two users have one digest': [TakesADigestTwice, "another user's digest is an error, and changes nothing"],
    'reissuing is not locked': [
      UnlockedStorage,
      '16 reissue the same generation',
      '16 reissue the same generation, between two connections',
    ],
  }),
  ...brokenStorages(aReissueIdReplays, {
    'a reissue id is not remembered': [
      KnowsNoReissueId,
      'sent again it changes nothing, whatever came between',
      '16 send one reissue',
    ],
    'the generation comes before a known reissue id': [
      ChecksTheGenerationFirst,
      'it comes before the generation and before closing',
    ],
    'closing comes before a known reissue id': [
      ChecksClosingFirst,
      'it comes before the generation and before closing',
    ],
    'a reissue that was not done uses its id up': [
      RemembersWhatWasNotDone,
      'a reissue that was not done does not use its id up',
    ],
    'reissuing is not locked': [UnlockedStorage, '16 send one reissue', '16 send one reissue, between two connections'],
  }),
  ...brokenStorages(secretsInUseAreListed, {
    'secrets of closed users are listed': [ListsClosedSecrets, LISTED],
    'secrets are not sorted': [ListsSecretsUnsorted, LISTED],
    'secrets of inactive users are left out': [ListsActiveSecretsOnly, LISTED],
  }),
];

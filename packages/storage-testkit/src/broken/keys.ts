import type {
  ApiKeyCredential,
  ApiKeyRecord,
  ApiKeyRotation,
  BusinessId,
  BusinessRecord,
  Digest,
  PageRequest,
} from '@bursar/core/storage';
import { aDigestNamesOneKey } from '../promises/a-digest-names-one-key.js';
import { aSwitchHoldsAtOnce } from '../promises/a-switch-holds-at-once.js';
import { keysRotateOnce } from '../promises/keys-rotate-once.js';
import { lastUseMovesForward } from '../promises/last-use-moves-forward.js';
import { listsPageById } from '../promises/lists-page-by-id.js';
import { revocationHoldsAtOnce } from '../promises/revocation-holds-at-once.js';
import { brokenStorages } from './broken-storage.js';
import { PlainStorage, type PlainStorageClass, UnlockedStorage } from './plain-storage.js';
import { keyOf } from './plain-tables.js';

/** A digest is unique in its business only. */
class TakesADigestTwice extends PlainStorage {
  protected override isFree(record: ApiKeyRecord): boolean {
    const others = [...this.tables.apiKeys.values()].filter(({ businessId }) => businessId === record.businessId);
    const isTaken = others.some(({ id, digest }) => id === record.id || digest === record.digest);
    return this.tables.businesses.has(record.businessId) && !isTaken;
  }
}

class OverwritesKeys extends PlainStorage {
  protected override isFree({ businessId }: ApiKeyRecord): boolean {
    return this.tables.businesses.has(businessId);
  }
}

/** Keeps the successor whatever becomes of the old key. */
class KeepsTheSuccessorFirst extends PlainStorage {
  override async rotateApiKey(rotation: ApiKeyRotation) {
    const outcome = await super.rotateApiKey(rotation);
    if (outcome.status === 'not_rotatable') this.put(this.tables.apiKeys, rotation.successor);
    return outcome;
  }
}

class ProlongsKeys extends PlainStorage {
  override async rotateApiKey(rotation: ApiKeyRotation) {
    const outcome = await super.rotateApiKey(rotation);
    if (outcome.status !== 'rotated') return outcome;
    const apiKey = this.put(this.tables.apiKeys, { ...outcome.apiKey, expiresAt: rotation.expiresAt });
    return { ...outcome, apiKey };
  }
}

// Looks away from something about the old key.
function rotating(seen: Partial<ApiKeyRecord>): PlainStorageClass {
  return class extends PlainStorage {
    override async rotateApiKey(rotation: ApiKeyRotation) {
      const key = this.tables.apiKeys.get(keyOf(rotation));
      if (key) this.put(this.tables.apiKeys, { ...key, ...seen });
      return super.rotateApiKey(rotation);
    }
  };
}

class AnswersWithTheSuccessor extends PlainStorage {
  override async rotateApiKey(rotation: ApiKeyRotation) {
    const outcome = await super.rotateApiKey(rotation);
    return outcome.status === 'rotated' ? { ...outcome, apiKey: rotation.successor } : outcome;
  }
}

class RevokesAgain extends PlainStorage {
  override async revokeApiKey(businessId: BusinessId, id: string, revokedAt: number) {
    const key = await this.findApiKey(businessId, id);
    return key && this.put(this.tables.apiKeys, { ...key, revokedAt });
  }
}

/** Remembers what it found. */
class RemembersKeys extends PlainStorage {
  readonly #found = new Map<Digest, ApiKeyCredential | undefined>();

  override async findApiKeys(digests: readonly Digest[]) {
    const found = await super.findApiKeys(digests);
    for (const [index, digest] of digests.entries())
      if (!this.#found.has(digest)) this.#found.set(digest, found[index]);
    return digests.map((digest) => this.#found.get(digest));
  }
}

class MovesLastUseBack extends PlainStorage {
  protected override latestUse(_: ApiKeyRecord, usedAt: number): number {
    return usedAt;
  }
}

class OverwritesBusinesses extends PlainStorage {
  override async createBusiness(record: BusinessRecord): Promise<BusinessRecord> {
    this.tables.businesses.set(record.id, this.own(record));
    return this.own(record);
  }
}

/** Shows the business of a credential as it was when first seen. */
class RemembersBusinesses extends PlainStorage {
  readonly #seen = new Map<BusinessId, BusinessRecord>();

  override async findPayoutUsers(digests: readonly Digest[]) {
    const found = await super.findPayoutUsers(digests);
    return found.map((credential) => {
      if (credential === undefined) return undefined;
      const business = this.#seen.get(credential.business.id) ?? credential.business;
      this.#seen.set(business.id, business);
      return { ...credential, business };
    });
  }
}

/** Sorts as people do, not as ids. */
class SortsByLanguage extends PlainStorage {
  protected override page<T extends { businessId: string; id: string }>(rows: T[], request: PageRequest): T[] {
    const { businessId, after, limit } = request;
    const own = rows.filter((row) => row.businessId === businessId);
    const sorted = own.sort((left, right) => left.id.localeCompare(right.id, 'en'));
    return sorted.filter(({ id }) => after === null || id.localeCompare(after, 'en') > 0).slice(0, limit);
  }
}

class RepeatsTheCursor extends PlainStorage {
  protected override page<T extends { businessId: string; id: string }>(rows: T[], request: PageRequest): T[] {
    const { after } = request;
    const page = super.page(rows, request);
    const again = rows.filter(({ businessId, id }) => businessId === request.businessId && id === after);
    return [...again, ...page].slice(0, request.limit);
  }
}

class LosesTheCursor extends PlainStorage {
  protected override page<T extends { businessId: string; id: string }>(rows: T[], request: PageRequest): T[] {
    const isKnown = rows.some(({ id }) => id === request.after);
    return super.page(rows, isKnown ? request : { ...request, after: null });
  }
}

const ROTATED = 'a key that is revoked, expired or rotated is not rotated';

/** Faults about API keys and businesses. */
export const brokenKeys = [
  ...brokenStorages(aDigestNamesOneKey, {
    'two businesses have one digest': [
      TakesADigestTwice,
      'an id or a digest that is taken is refused, and changes nothing',
    ],
    'a key is overwritten': [
      OverwritesKeys,
      'an id or a digest that is taken is refused, and changes nothing',
      '16 insert one digest',
    ],
    'inserting is not locked': [
      UnlockedStorage,
      '16 insert one digest',
      '16 insert one digest, between two connections',
    ],
  }),
  ...brokenStorages(keysRotateOnce, {
    'rotating is not locked': [UnlockedStorage, '16 rotate one key', '16 rotate one key, between two connections'],
    'the successor is kept first': [KeepsTheSuccessorFirst, ROTATED, '16 rotate one key'],
    'rotation prolongs a key': [ProlongsKeys, 'an earlier expiry stays'],
    'a revoked key is rotated': [rotating({ revokedAt: null }), ROTATED],
    'an expired key is rotated': [rotating({ expiresAt: null }), ROTATED, 'an earlier expiry stays'],
    'a key is rotated twice': [rotating({ replacedBy: null }), ROTATED],
    'the answer is the successor': [AnswersWithTheSuccessor, 'the successor is kept, and the old key gets its end'],
    'a taken id or digest is overwritten': [
      OverwritesKeys,
      'a successor whose digest or id is taken is an error, and changes nothing',
    ],
  }),
  ...brokenStorages(revocationHoldsAtOnce, {
    'a second revocation moves the first': [RevokesAgain, 'a key keeps the time of its first revocation'],
    'changes of a key are not locked': [
      UnlockedStorage,
      'a revocation is not lost among other changes',
      'a revocation is not lost among other changes, between two connections',
    ],
    'look-ups remember a key': [
      RemembersKeys,
      'every look-up after the answer shows it',
      'every look-up after the answer shows it, between two connections',
    ],
  }),
  ...brokenStorages(lastUseMovesForward, {
    'touching is not locked': [UnlockedStorage, 'uses that arrive in any order'],
    'last use moves back': [
      MovesLastUseBack,
      'a later use counts, an earlier one does not, an unknown key is passed over',
      'uses that arrive in any order',
      'uses that arrive in any order, between two connections',
    ],
  }),
  ...brokenStorages(aSwitchHoldsAtOnce, {
    'a business is overwritten': [OverwritesBusinesses, 'a business that exists stays as it is'],
    'creating is not locked': [
      UnlockedStorage,
      '16 create one business, and all hear of the same',
      '16 create one business, and all hear of the same, between two connections',
    ],
    'look-ups remember a business': [
      RemembersBusinesses,
      'every look-up after the answer sees the switch',
      'every look-up after the answer sees the switch, between two connections',
    ],
  }),
  ...brokenStorages(listsPageById, {
    'lists sort by language': [
      SortsByLanguage,
      'API keys, in pages of any length',
      'payout users, in pages of any length',
    ],
    'a cursor repeats its row': [
      RepeatsTheCursor,
      'API keys, in pages of any length',
      'payout users, in pages of any length',
      'a page goes on after its cursor, whatever was added',
    ],
    'an unknown cursor starts again': [LosesTheCursor, 'a page goes on after its cursor, whatever was added'],
  }),
];

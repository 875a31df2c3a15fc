import { orUnavailable } from '@bursar/core';
import type { BursarStorage } from '@bursar/payouts/storage';
import type * as z from 'zod';

/** A document of a collection, with the version that a change of it has to name. */
export interface Kept<Body> {
  readonly id: string;
  readonly version: number;
  readonly body: Body;
  readonly createdAt: number;
}

/** The documents of one kind that belong to a business. */
export interface Collection<Body> {
  find(id: string): Promise<Kept<Body> | undefined>;
  /** By id, at most 1,000. */
  list(): Promise<readonly Kept<Body>[]>;
  /** Makes a document (`null`), or replaces the version that was read: `undefined`, and no change, where another is there. */
  put(id: string, version: number | null, body: Body, expiresInSeconds?: number): Promise<Kept<Body> | undefined>;
  /** Of two callers one gets `true`. */
  remove(id: string, version: number): Promise<boolean>;
}

const MOST = 1000;

/** Reads and writes one collection. A body that has another form than the schema's is a fault of whoever wrote it. */
export function collection<Schema extends z.ZodType<Readonly<Record<string, unknown>>>>(
  storage: BursarStorage,
  owner: string,
  name: string,
  schema: Schema,
): Collection<z.output<Schema>> {
  type Body = z.output<Schema>;
  const ref = (id: string) => ({ owner, collection: name, id });
  const kept = ({ id, version, body, createdAt }: Kept<unknown>): Kept<Body> => ({
    id,
    version,
    body: schema.parse(body),
    createdAt,
  });
  return {
    async find(id) {
      const [found] = await orUnavailable(() => storage.findDocuments([ref(id)]));
      return found === undefined ? undefined : kept(found);
    },
    async list() {
      const request = { owner, collection: name, after: null, limit: MOST };
      return (await orUnavailable(() => storage.listDocuments(request))).map(kept);
    },
    async put(id, expectedVersion, body, expiresInSeconds) {
      const put = { ...ref(id), expectedVersion, body, expiresInSeconds: expiresInSeconds ?? null };
      const outcome = await orUnavailable(() => storage.putDocument(put));
      return outcome.status === 'kept' ? kept(outcome.document) : undefined;
    },
    remove: async (id, version) => orUnavailable(() => storage.deleteDocument(ref(id), version)),
  };
}

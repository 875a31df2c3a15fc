import { type Auth, createAuth } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';
import type { BursarStorage } from '@bursar/payouts/storage';

export const SECRET = 'a secret of thirty-two bytes, and more';

/** Authentication on a storage, with one business and one key. */
export async function scene(storage: BursarStorage = memoryStorage()): Promise<{ auth: Auth; key: string }> {
  const auth = createAuth({ storage, secret: SECRET });
  await auth.businesses.create({ id: 'biz_1' });
  const { key } = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'Benchmark' });
  return { auth, key };
}

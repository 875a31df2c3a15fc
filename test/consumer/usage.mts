/** Compiled in the consumer's project: the packages together, as an ES module uses them. */
import { derivePayoutHash, generateApiKey, parseApiKey } from '@bursar/core';
import { memoryStorage } from '@bursar/memory';

const { key } = generateApiKey({ mode: 'test' });
const parsed = parseApiKey(key);
export const mode: 'live' | 'test' | undefined = parsed.ok ? parsed.mode : undefined;

export const hash: string = derivePayoutHash({ secret: 's'.repeat(32), businessId: 'biz_1', email: 'ada@example.com' });

export const storage = memoryStorage();

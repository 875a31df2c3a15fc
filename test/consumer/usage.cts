/** Compiled in the consumer's project: the same types when CommonJS requires the packages. */
import core = require('@bursar/core');
import memory = require('@bursar/memory');

const generated: core.GeneratedApiKey = core.generateApiKey({ mode: 'live' });
export const digest: string = generated.digest;
export const storage = memory.memoryStorage();

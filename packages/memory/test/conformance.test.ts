import { testStorage } from '@bursar/storage-testkit';
import { memoryStorage } from '../src/index.js';

testStorage({
  name: 'memoryStorage',
  create: memoryStorage,
  destroy: (storage) => storage.close(),
});

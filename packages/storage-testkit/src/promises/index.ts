export { BrokenPromise, type CheckOptions, checkBehaviour, reasonToSkip } from '../check-behaviour.js';
export type { Clock } from '../clock.js';
export type {
  BehaviourContext,
  BehaviourNeed,
  StorageBehaviour,
  StorageClock,
  StoragePromise,
  StorageSubject,
} from '../promise.js';
export type { Random } from '../random.js';
export type { ItemSketch, Samples, TransferSketch, WithdrawalSketch } from '../samples.js';
export { storagePromises } from './storage-promises.js';

import { brokenAudit } from './audit.js';
import { brokenBatches } from './batches.js';
import type { BrokenStorage } from './broken-storage.js';
import { brokenDeliveries } from './deliveries.js';
import { brokenDestinations } from './destinations.js';
import { brokenDocuments } from './documents.js';
import { brokenEndpoints } from './endpoints.js';
import { brokenEvents } from './events.js';
import { brokenHistory } from './history.js';
import { brokenKeeping } from './keeping.js';
import { brokenKeys } from './keys.js';
import { brokenLimits } from './limits.js';
import { brokenLists } from './lists.js';
import { brokenMoney } from './money.js';
import { brokenOpening } from './opening.js';
import { brokenOutcomes } from './outcomes.js';
import { brokenPending } from './pending.js';
import { brokenSending } from './sending.js';
import { brokenUsage } from './usage.js';
import { brokenUsers } from './users.js';
import { brokenWithdrawals } from './withdrawals.js';

/** Every storage with a fault. */
export const brokenStorages: readonly BrokenStorage[] = [
  ...brokenOutcomes,
  ...brokenBatches,
  ...brokenMoney,
  ...brokenPending,
  ...brokenOpening,
  ...brokenHistory,
  ...brokenWithdrawals,
  ...brokenLimits,
  ...brokenDestinations,
  ...brokenEvents,
  ...brokenDeliveries,
  ...brokenSending,
  ...brokenEndpoints,
  ...brokenAudit,
  ...brokenUsage,
  ...brokenDocuments,
  ...brokenLists,
  ...brokenKeeping,
  ...brokenKeys,
  ...brokenUsers,
];

import { exportAudit, verifyAudit } from './command/audit.js';
import { createBusiness } from './command/business.js';
import { linkToDashboard } from './command/dashboard.js';
import { exportOperations } from './command/export.js';
import { importUsers } from './command/import.js';
import { init } from './command/init.js';
import { createKey, listKeys, revokeKey, rotateKey } from './command/key.js';
import { verifyBooks } from './command/ledger.js';
import { migrate } from './command/migrate.js';
import { disableUser, enableUser, listUsers, reissueUser, showUser } from './command/user.js';
import { failWithdrawal, listWithdrawals, settleWithdrawal } from './command/withdrawal.js';
import type { Command } from './command.js';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  init,
  migrate,
  createBusiness,
  createKey,
  listKeys,
  rotateKey,
  revokeKey,
  listUsers,
  showUser,
  reissueUser,
  disableUser,
  enableUser,
  listWithdrawals,
  settleWithdrawal,
  failWithdrawal,
  linkToDashboard,
  verifyBooks,
  verifyAudit,
  exportAudit,
  exportOperations,
  importUsers,
];

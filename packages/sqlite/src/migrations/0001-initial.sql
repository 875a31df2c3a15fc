-- The first schema. Applied migrations are compared by checksum: never change this file, add one.
--
-- Keys begin with the business. Each bound on a number is 2^53 - 1: above it a JavaScript number is no longer exact.

CREATE TABLE bursar_businesses (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  currency TEXT NOT NULL,
  payouts_enabled INTEGER NOT NULL CHECK (payouts_enabled IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Found by digest on each request; by business only when keys are managed.
CREATE TABLE bursar_api_keys (
  digest TEXT PRIMARY KEY,
  business_id TEXT NOT NULL REFERENCES bursar_businesses (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('secret', 'publishable')),
  mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  scopes TEXT NOT NULL,
  hint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  last_used_at INTEGER,
  replaced_by TEXT,
  UNIQUE (business_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE bursar_payout_users (
  business_id TEXT NOT NULL REFERENCES bursar_businesses (id),
  id TEXT NOT NULL,
  email TEXT NOT NULL,
  normalized_email TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE,
  generation INTEGER NOT NULL CHECK (generation BETWEEN 0 AND 9007199254740991),
  secret_id TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'closed')),
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, normalized_email)
) STRICT, WITHOUT ROWID;

CREATE INDEX bursar_payout_users_secret ON bursar_payout_users (secret_id) WHERE status <> 'closed';

CREATE TABLE bursar_reissues (
  business_id TEXT NOT NULL,
  payout_user_id TEXT NOT NULL,
  reissue_id TEXT NOT NULL,
  PRIMARY KEY (business_id, payout_user_id, reissue_id),
  FOREIGN KEY (business_id, payout_user_id) REFERENCES bursar_payout_users (business_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE bursar_accounts (
  business_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  currency TEXT NOT NULL,
  debits_must_not_exceed_credits INTEGER NOT NULL CHECK (debits_must_not_exceed_credits IN (0, 1)),
  debits_posted INTEGER NOT NULL CHECK (debits_posted BETWEEN 0 AND 9007199254740991),
  debits_pending INTEGER NOT NULL CHECK (debits_pending BETWEEN 0 AND 9007199254740991),
  credits_posted INTEGER NOT NULL CHECK (credits_posted BETWEEN 0 AND 9007199254740991),
  credits_pending INTEGER NOT NULL CHECK (credits_pending BETWEEN 0 AND 9007199254740991),
  sequence INTEGER NOT NULL CHECK (sequence BETWEEN 0 AND 9007199254740991),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, id),
  CONSTRAINT not_overdrawn CHECK (
    debits_posted + debits_pending <= credits_posted
    OR (kind = 'external' AND debits_must_not_exceed_credits = 0)
  ),
  CONSTRAINT debits_in_range CHECK (debits_posted + debits_pending <= 9007199254740991),
  CONSTRAINT credits_in_range CHECK (credits_posted + credits_pending <= 9007199254740991)
) STRICT, WITHOUT ROWID;

-- Refused outcomes too. A table with a rowid: rows can be long, and are added at the end.
CREATE TABLE bursar_transfers (
  business_id TEXT NOT NULL,
  id TEXT NOT NULL,
  debit_account_id TEXT NOT NULL,
  credit_account_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
  code TEXT NOT NULL,
  phase TEXT NOT NULL,
  pending_id TEXT,
  timeout_seconds INTEGER CHECK (timeout_seconds BETWEEN 0 AND 9007199254740991),
  reference TEXT,
  metadata TEXT,
  request_digest TEXT NOT NULL,
  outcome TEXT NOT NULL,
  debit_sequence INTEGER,
  credit_sequence INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (business_id, id),
  CONSTRAINT two_accounts CHECK (debit_account_id <> credit_account_id),
  CONSTRAINT resolution_names_pending CHECK (
    CASE WHEN pending_id IS NULL THEN phase IN ('single', 'pending') ELSE phase IN ('post', 'void') END
  ),
  -- A CHECK lets NULL pass, so a missing sequence is compared as 0.
  CONSTRAINT applied_has_sequences CHECK (
    CASE WHEN outcome = 'applied' THEN ifnull(debit_sequence, 0) > 0 AND ifnull(credit_sequence, 0) > 0
    ELSE debit_sequence IS NULL AND credit_sequence IS NULL END
  )
) STRICT;

CREATE UNIQUE INDEX bursar_transfers_resolution ON bursar_transfers (business_id, pending_id)
  WHERE pending_id IS NOT NULL AND outcome = 'applied';
CREATE UNIQUE INDEX bursar_transfers_debit_history ON bursar_transfers (business_id, debit_account_id, debit_sequence)
  WHERE debit_sequence IS NOT NULL;
CREATE UNIQUE INDEX bursar_transfers_credit_history ON bursar_transfers (business_id, credit_account_id, credit_sequence)
  WHERE credit_sequence IS NOT NULL;

-- An outcome stands for ever, whoever writes to the file.
CREATE TRIGGER bursar_transfers_never_change BEFORE UPDATE ON bursar_transfers
BEGIN SELECT RAISE(ABORT, 'a transfer never changes'); END;
CREATE TRIGGER bursar_transfers_never_go BEFORE DELETE ON bursar_transfers
BEGIN SELECT RAISE(ABORT, 'a transfer is never deleted'); END;

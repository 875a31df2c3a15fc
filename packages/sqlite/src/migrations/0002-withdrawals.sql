-- Withdrawals, and what lists need that stand beside the ledger.

-- A withdrawal has the id of the transfer that reserves its amount, and is opened with it.
CREATE TABLE bursar_withdrawals (
  business_id TEXT NOT NULL,
  id TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence BETWEEN 1 AND 9007199254740991),
  payout_user_id TEXT NOT NULL,
  method TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
  fee INTEGER NOT NULL CHECK (fee BETWEEN 0 AND 9007199254740991),
  currency TEXT NOT NULL,
  destination TEXT NOT NULL,
  destination_hint TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 9007199254740991),
  provider_reference TEXT,
  export_id TEXT,
  reason TEXT,
  actor TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  due_at INTEGER,
  send_started_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (business_id, id),
  UNIQUE (business_id, sequence),
  FOREIGN KEY (business_id, id) REFERENCES bursar_transfers (business_id, id)
) STRICT;

CREATE INDEX bursar_withdrawals_due ON bursar_withdrawals (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX bursar_withdrawals_payout_user ON bursar_withdrawals (business_id, payout_user_id, sequence);
CREATE INDEX bursar_withdrawals_status ON bursar_withdrawals (business_id, status, sequence);
CREATE INDEX bursar_withdrawals_method ON bursar_withdrawals (business_id, method, sequence);
CREATE INDEX bursar_withdrawals_export ON bursar_withdrawals (business_id, export_id, sequence)
  WHERE export_id IS NOT NULL;
-- For the limit of a payout user. Without the status: changing it would write the index again each time.
CREATE INDEX bursar_withdrawals_limit ON bursar_withdrawals (business_id, payout_user_id, created_at);

-- The destination may be blanked once nobody needs it; what the withdrawal was about stays.
CREATE TRIGGER bursar_withdrawals_keep_their_terms BEFORE UPDATE OF
  business_id, id, sequence, payout_user_id, method, amount, fee, currency, created_at ON bursar_withdrawals
BEGIN SELECT RAISE(ABORT, 'the terms of a withdrawal never change'); END;
CREATE TRIGGER bursar_withdrawals_go_forward BEFORE UPDATE OF version ON bursar_withdrawals
WHEN NEW.version <= OLD.version
BEGIN SELECT RAISE(ABORT, 'a withdrawal goes forward, version by version'); END;
CREATE TRIGGER bursar_withdrawals_never_go BEFORE DELETE ON bursar_withdrawals
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never deleted'); END;

-- Who changed what, when.
CREATE TABLE bursar_withdrawal_versions (
  business_id TEXT NOT NULL,
  withdrawal_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  provider_reference TEXT,
  export_id TEXT,
  reason TEXT,
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (business_id, withdrawal_id, version),
  FOREIGN KEY (business_id, withdrawal_id) REFERENCES bursar_withdrawals (business_id, id)
) STRICT;

CREATE TRIGGER bursar_withdrawal_versions_never_change BEFORE UPDATE ON bursar_withdrawal_versions
BEGIN SELECT RAISE(ABORT, 'a version of a withdrawal never changes'); END;
CREATE TRIGGER bursar_withdrawal_versions_never_go BEFORE DELETE ON bursar_withdrawal_versions
BEGIN SELECT RAISE(ABORT, 'a version of a withdrawal is never deleted'); END;

-- Pending transfers that end by themselves and have no resolution yet: only what is open, so that looking for what has
-- expired costs the same after years.
CREATE TABLE bursar_expiring_transfers (
  business_id TEXT NOT NULL,
  id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, id) REFERENCES bursar_transfers (business_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX bursar_expiring_transfers_expiry ON bursar_expiring_transfers (expires_at);

INSERT INTO bursar_expiring_transfers (business_id, id, expires_at)
SELECT business_id, id, min(created_at + timeout_seconds * 1000, 9007199254740991)
FROM bursar_transfers AS pending
WHERE phase = 'pending' AND outcome = 'applied' AND timeout_seconds IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM bursar_transfers AS resolution
  WHERE resolution.business_id = pending.business_id AND resolution.pending_id = pending.id
    AND resolution.outcome = 'applied'
);

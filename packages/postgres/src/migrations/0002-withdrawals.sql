-- Withdrawals, and what lists need that stand beside the ledger. No trigger: that the terms of a withdrawal and its
-- versions never change is a matter of the running role's rights.

-- A withdrawal has the id of the transfer that reserves its amount, and is opened with it.
CREATE TABLE bursar_withdrawals (
  business_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL CHECK (sequence BETWEEN 1 AND 9007199254740991),
  payout_user_id text COLLATE "C" NOT NULL,
  method text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
  fee bigint NOT NULL CHECK (fee BETWEEN 0 AND 9007199254740991),
  currency text NOT NULL,
  destination text NOT NULL,
  destination_hint text NOT NULL,
  status text COLLATE "C" NOT NULL,
  attempts bigint NOT NULL CHECK (attempts BETWEEN 0 AND 9007199254740991),
  provider_reference text,
  export_id text COLLATE "C",
  reason text,
  actor text NOT NULL,
  version bigint NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  due_at bigint,
  send_started_at bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  CONSTRAINT bursar_withdrawals_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT bursar_withdrawals_one_place UNIQUE (business_id, sequence),
  CONSTRAINT bursar_withdrawals_reserved FOREIGN KEY (business_id, id) REFERENCES bursar_transfers (business_id, id)
);

-- The worker asks for all businesses; where the table is spread over many servers, each is asked for its own.
CREATE INDEX bursar_withdrawals_due ON bursar_withdrawals (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX bursar_withdrawals_payout_user ON bursar_withdrawals (business_id, payout_user_id, sequence);
CREATE INDEX bursar_withdrawals_status ON bursar_withdrawals (business_id, status, sequence);
CREATE INDEX bursar_withdrawals_method ON bursar_withdrawals (business_id, method, sequence);
CREATE INDEX bursar_withdrawals_export ON bursar_withdrawals (business_id, export_id, sequence)
  WHERE export_id IS NOT NULL;
-- For the limit of a payout user. Without the status: changing it would write the index again each time.
CREATE INDEX bursar_withdrawals_limit ON bursar_withdrawals (business_id, payout_user_id, created_at);

-- Who changed what, when. Rows are only added.
CREATE TABLE bursar_withdrawal_versions (
  business_id text COLLATE "C" NOT NULL,
  withdrawal_id text COLLATE "C" NOT NULL,
  version bigint NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  status text NOT NULL,
  attempts bigint NOT NULL,
  provider_reference text,
  export_id text,
  reason text,
  actor text NOT NULL,
  created_at bigint NOT NULL,
  CONSTRAINT bursar_withdrawal_versions_pkey PRIMARY KEY (business_id, withdrawal_id, version),
  CONSTRAINT bursar_withdrawal_versions_opened FOREIGN KEY (business_id, withdrawal_id)
    REFERENCES bursar_withdrawals (business_id, id)
);

-- Pending transfers that end by themselves and have no resolution yet: only what is open, so that looking for what has
-- expired costs the same after years.
CREATE TABLE bursar_expiring_transfers (
  business_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  expires_at bigint NOT NULL,
  CONSTRAINT bursar_expiring_transfers_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT bursar_expiring_transfers_pending FOREIGN KEY (business_id, id)
    REFERENCES bursar_transfers (business_id, id)
);

CREATE INDEX bursar_expiring_transfers_expiry ON bursar_expiring_transfers (expires_at);

INSERT INTO bursar_expiring_transfers (business_id, id, expires_at)
SELECT business_id, id, least(created_at + timeout_seconds * 1000, 9007199254740991)
FROM bursar_transfers pending
WHERE phase = 'pending' AND outcome = 'applied' AND timeout_seconds IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM bursar_transfers resolution
  WHERE resolution.business_id = pending.business_id AND resolution.pending_id = pending.id
    AND resolution.pending_id IS NOT NULL AND resolution.outcome = 'applied'
);

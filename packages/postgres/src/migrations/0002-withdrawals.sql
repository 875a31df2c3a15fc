-- Withdrawals, and what lists need that stand beside the ledger. What the storage's logic needs is in constraints; the
-- running role may add versions and never change one.

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
  CONSTRAINT bursar_withdrawals_one_place UNIQUE (business_id, sequence)
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
  CONSTRAINT bursar_withdrawal_versions_pkey PRIMARY KEY (business_id, withdrawal_id, version)
);

-- Pending transfers that end by themselves. A resolved one stays in the index, and costs a probe when the sweep passes it.
CREATE INDEX bursar_transfers_expiry ON bursar_transfers ((created_at + timeout_seconds * 1000))
  WHERE phase = 'pending' AND outcome = 'applied' AND timeout_seconds IS NOT NULL;

-- The first schema. Applied migrations are compared by checksum: never change this file, add one.
--
-- Keys begin with the business, so that the tables can be spread by it; what is found by digest is keyed by digest. Ids
-- and addresses are compared by their bytes (COLLATE "C"): the same order everywhere, whatever the server's language.
-- Each bound on a number is 2^53 - 1: above it a JavaScript number is no longer exact. Names are resolved in the
-- schema that migrate() puts into the search path.

CREATE TABLE bursar_businesses (
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  currency text NOT NULL,
  payouts_enabled boolean NOT NULL,
  created_at bigint NOT NULL,
  CONSTRAINT bursar_businesses_pkey PRIMARY KEY (id)
);

CREATE TABLE bursar_api_keys (
  business_id text COLLATE "C" NOT NULL REFERENCES bursar_businesses (id),
  id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('secret', 'publishable')),
  mode text NOT NULL CHECK (mode IN ('live', 'test')),
  scopes text NOT NULL,
  digest text COLLATE "C" NOT NULL,
  hint text NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint,
  revoked_at bigint,
  last_used_at bigint,
  replaced_by text,
  CONSTRAINT bursar_api_keys_pkey PRIMARY KEY (business_id, id)
);

-- Which key a digest names: what each request asks for, and what makes a digest unique over all businesses.
CREATE TABLE bursar_api_key_digests (
  digest text COLLATE "C" NOT NULL,
  business_id text COLLATE "C" NOT NULL,
  api_key_id text COLLATE "C" NOT NULL,
  CONSTRAINT bursar_api_key_digests_pkey PRIMARY KEY (digest)
);

CREATE TABLE bursar_payout_users (
  business_id text COLLATE "C" NOT NULL REFERENCES bursar_businesses (id),
  id text COLLATE "C" NOT NULL,
  email text NOT NULL,
  normalized_email text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  generation bigint NOT NULL CHECK (generation BETWEEN 0 AND 9007199254740991),
  secret_id text COLLATE "C" NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'inactive', 'closed')),
  expires_at bigint,
  created_at bigint NOT NULL,
  CONSTRAINT bursar_payout_users_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT bursar_payout_users_email UNIQUE (business_id, normalized_email)
);

CREATE INDEX bursar_payout_users_secret ON bursar_payout_users (secret_id) WHERE status <> 'closed';

-- Which user the digest of a hash in force names. A reissue takes the old row away.
CREATE TABLE bursar_payout_user_digests (
  digest text COLLATE "C" NOT NULL,
  business_id text COLLATE "C" NOT NULL,
  payout_user_id text COLLATE "C" NOT NULL,
  CONSTRAINT bursar_payout_user_digests_pkey PRIMARY KEY (digest)
);

CREATE TABLE bursar_reissues (
  business_id text COLLATE "C" NOT NULL,
  payout_user_id text COLLATE "C" NOT NULL,
  reissue_id text COLLATE "C" NOT NULL,
  CONSTRAINT bursar_reissues_pkey PRIMARY KEY (business_id, payout_user_id, reissue_id),
  FOREIGN KEY (business_id, payout_user_id) REFERENCES bursar_payout_users (business_id, id)
);

-- Half of each page is left free: a busy account is updated in its place, and no index is written for it.
CREATE TABLE bursar_accounts (
  business_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  currency text NOT NULL,
  debits_must_not_exceed_credits boolean NOT NULL,
  debits_posted bigint NOT NULL CHECK (debits_posted BETWEEN 0 AND 9007199254740991),
  debits_pending bigint NOT NULL CHECK (debits_pending BETWEEN 0 AND 9007199254740991),
  credits_posted bigint NOT NULL CHECK (credits_posted BETWEEN 0 AND 9007199254740991),
  credits_pending bigint NOT NULL CHECK (credits_pending BETWEEN 0 AND 9007199254740991),
  sequence bigint NOT NULL CHECK (sequence BETWEEN 0 AND 9007199254740991),
  created_at bigint NOT NULL,
  CONSTRAINT bursar_accounts_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT bursar_accounts_not_overdrawn CHECK (
    debits_posted + debits_pending <= credits_posted
    OR (kind = 'external' AND NOT debits_must_not_exceed_credits)
  ),
  CONSTRAINT bursar_accounts_debits_in_range CHECK (debits_posted + debits_pending <= 9007199254740991),
  CONSTRAINT bursar_accounts_credits_in_range CHECK (credits_posted + credits_pending <= 9007199254740991)
) WITH (fillfactor = 50);

-- Refused outcomes too. Rows are only added: the role that runs needs no right to update or delete them.
CREATE TABLE bursar_transfers (
  business_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  debit_account_id text COLLATE "C" NOT NULL,
  credit_account_id text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount BETWEEN 0 AND 9007199254740991),
  code text NOT NULL,
  phase text NOT NULL,
  pending_id text COLLATE "C",
  timeout_seconds bigint CHECK (timeout_seconds BETWEEN 0 AND 9007199254740991),
  reference text,
  metadata text,
  request_digest text NOT NULL,
  outcome text NOT NULL,
  debit_sequence bigint,
  credit_sequence bigint,
  created_at bigint NOT NULL,
  CONSTRAINT bursar_transfers_pkey PRIMARY KEY (business_id, id),
  CONSTRAINT bursar_transfers_two_accounts CHECK (debit_account_id <> credit_account_id),
  CONSTRAINT bursar_transfers_resolution_names_pending CHECK (
    CASE WHEN pending_id IS NULL THEN phase IN ('single', 'pending') ELSE phase IN ('post', 'void') END
  ),
  -- A CHECK lets NULL pass, so a missing sequence is compared as 0.
  CONSTRAINT bursar_transfers_applied_has_sequences CHECK (
    CASE WHEN outcome = 'applied' THEN coalesce(debit_sequence, 0) > 0 AND coalesce(credit_sequence, 0) > 0
    ELSE debit_sequence IS NULL AND credit_sequence IS NULL END
  )
);

CREATE UNIQUE INDEX bursar_transfers_resolution ON bursar_transfers (business_id, pending_id)
  WHERE pending_id IS NOT NULL AND outcome = 'applied';
CREATE UNIQUE INDEX bursar_transfers_debit_history ON bursar_transfers (business_id, debit_account_id, debit_sequence)
  WHERE debit_sequence IS NOT NULL;
CREATE UNIQUE INDEX bursar_transfers_credit_history ON bursar_transfers (business_id, credit_account_id, credit_sequence)
  WHERE credit_sequence IS NOT NULL;

-- Events and where they are delivered to, the audit log, counts of use, and destinations that can be forgotten. As before
-- there is no trigger: what never changes is a matter of the running role's rights.

-- Where a key may be used from: a list as JSON, NULL for everywhere.
ALTER TABLE bursar_api_keys ADD COLUMN allowed_addresses text;

-- Which secret a destination is sealed with. It stands in the destination too, `v1.<id>.<base64url>`, but not where it
-- could be looked for. The end of a destination, which holds its authentication tag, never changes: so the role that
-- may blank a destination cannot put another in its place.
ALTER TABLE bursar_withdrawals
  ADD COLUMN destination_secret_id text COLLATE "C",
  ADD COLUMN destination_end text;
UPDATE bursar_withdrawals SET
  destination_secret_id = CASE WHEN destination LIKE 'v1._%.%' THEN nullif(substr(
    rtrim(destination, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'), 4,
    length(rtrim(destination, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')) - 4), '') END,
  destination_end = right(destination, 22);
ALTER TABLE bursar_withdrawals
  ALTER COLUMN destination_end SET NOT NULL,
  ADD CONSTRAINT bursar_withdrawals_destination_stays CHECK (
    CASE WHEN destination = '' THEN status IN ('succeeded', 'failed', 'rejected', 'returned')
    ELSE right(destination, 22) = destination_end END
  );

CREATE INDEX bursar_withdrawals_secret ON bursar_withdrawals (destination_secret_id) WHERE destination <> '';
CREATE INDEX bursar_withdrawals_forgettable ON bursar_withdrawals (updated_at)
  WHERE destination <> '' AND status IN ('succeeded', 'failed', 'rejected', 'returned');

-- Rows are only added, but for the mark that they were dispatched.
CREATE TABLE bursar_events (
  business_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  type text NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  place bigint NOT NULL CHECK (place BETWEEN 0 AND 9007199254740991),
  transfer_id text COLLATE "C",
  created_at bigint NOT NULL,
  dispatched boolean NOT NULL DEFAULT false,
  CONSTRAINT bursar_events_pkey PRIMARY KEY (business_id, id)
);

CREATE INDEX bursar_events_list ON bursar_events (business_id, created_at, id);
-- The first for the order in time, over all businesses; the second for what stands before an event of the same subject.
CREATE INDEX bursar_events_undispatched ON bursar_events (created_at) WHERE NOT dispatched;
CREATE INDEX bursar_events_undispatched_subject ON bursar_events (business_id, subject_id, place) WHERE NOT dispatched;

CREATE TABLE bursar_webhook_endpoints (
  business_id text COLLATE "C" NOT NULL REFERENCES bursar_businesses (id),
  id text COLLATE "C" NOT NULL,
  url text NOT NULL,
  description text,
  types text,
  secrets text NOT NULL,
  status text NOT NULL CHECK (status IN ('enabled', 'disabled')),
  disabled_reason text,
  failing_since bigint,
  version bigint NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  created_at bigint NOT NULL,
  CONSTRAINT bursar_webhook_endpoints_pkey PRIMARY KEY (business_id, id)
);

-- Outlive their endpoint. `take_at` is when it is worth looking whether one may be taken: never before `due_at`, and not
-- before what it has to wait for is tried again. So a worker does not step over all that waits behind a failed delivery.
CREATE TABLE bursar_deliveries (
  business_id text COLLATE "C" NOT NULL,
  endpoint_id text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  place bigint NOT NULL,
  status text COLLATE "C" NOT NULL,
  attempts bigint NOT NULL CHECK (attempts BETWEEN 0 AND 9007199254740991),
  due_at bigint,
  take_at bigint,
  response_status bigint,
  error text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  CONSTRAINT bursar_deliveries_pkey PRIMARY KEY (business_id, endpoint_id, event_id),
  CONSTRAINT bursar_deliveries_told FOREIGN KEY (business_id, event_id) REFERENCES bursar_events (business_id, id),
  CONSTRAINT bursar_deliveries_due_while_pending CHECK ((due_at IS NOT NULL) = (status = 'pending'))
);

-- The worker asks for all businesses; where the table is spread over many servers, each is asked for its own.
CREATE INDEX bursar_deliveries_take ON bursar_deliveries (take_at) WHERE take_at IS NOT NULL;
-- What stands before a delivery of the same subject.
CREATE INDEX bursar_deliveries_pending ON bursar_deliveries (business_id, endpoint_id, subject_id, place)
  WHERE status = 'pending';
CREATE INDEX bursar_deliveries_list ON bursar_deliveries (business_id, created_at, event_id, endpoint_id);
CREATE INDEX bursar_deliveries_endpoint ON bursar_deliveries (business_id, endpoint_id, created_at, event_id);
CREATE INDEX bursar_deliveries_status ON bursar_deliveries (business_id, status, created_at, event_id, endpoint_id);

-- Rows are only added.
CREATE TABLE bursar_audit_log (
  business_id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL CHECK (sequence BETWEEN 1 AND 9007199254740991),
  id text COLLATE "C" NOT NULL,
  actor_type text NOT NULL,
  actor_id text NOT NULL,
  action text NOT NULL,
  target text,
  address text,
  request_id text,
  outcome text NOT NULL,
  details text,
  created_at bigint NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  CONSTRAINT bursar_audit_log_pkey PRIMARY KEY (business_id, sequence),
  CONSTRAINT bursar_audit_log_id UNIQUE (business_id, id)
);

-- One row a business, locked while entries are added to its log. It says nothing: the log's own last entry does.
CREATE TABLE bursar_audit_locks (
  business_id text COLLATE "C" NOT NULL,
  CONSTRAINT bursar_audit_locks_pkey PRIMARY KEY (business_id)
);

CREATE TABLE bursar_usage (
  business_id text COLLATE "C" NOT NULL,
  day text COLLATE "C" NOT NULL,
  credential text COLLATE "C" NOT NULL,
  route text COLLATE "C" NOT NULL,
  status bigint NOT NULL,
  requests bigint NOT NULL CHECK (requests BETWEEN 1 AND 9007199254740991),
  CONSTRAINT bursar_usage_pkey PRIMARY KEY (business_id, day, credential, route, status)
);

-- Events and where they are delivered to, the audit log, counts of use, and destinations that can be forgotten.

-- Where a key may be used from: a list as JSON, NULL for everywhere.
ALTER TABLE bursar_api_keys ADD COLUMN allowed_addresses TEXT;

-- Which secret a destination is sealed with. It stands in the destination too, `v1.<id>.<base64url>`, but not where it
-- could be looked for.
ALTER TABLE bursar_withdrawals ADD COLUMN destination_secret_id TEXT;
UPDATE bursar_withdrawals SET destination_secret_id = nullif(substr(
    rtrim(destination, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'), 4,
    length(rtrim(destination, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')) - 4), '')
  WHERE destination LIKE 'v1._%.%';

CREATE INDEX bursar_withdrawals_secret ON bursar_withdrawals (destination_secret_id) WHERE destination <> '';
CREATE INDEX bursar_withdrawals_forgettable ON bursar_withdrawals (updated_at)
  WHERE destination <> '' AND status IN ('succeeded', 'failed', 'rejected', 'returned');

CREATE TRIGGER bursar_withdrawals_keep_their_destination BEFORE UPDATE OF destination ON bursar_withdrawals
WHEN NEW.destination <> OLD.destination
  AND (NEW.destination <> '' OR OLD.status NOT IN ('succeeded', 'failed', 'rejected', 'returned'))
BEGIN SELECT RAISE(ABORT, 'a destination never changes, and is forgotten only when the withdrawal is over'); END;
CREATE TRIGGER bursar_withdrawals_keep_their_secret BEFORE UPDATE OF destination_secret_id ON bursar_withdrawals
BEGIN SELECT RAISE(ABORT, 'a destination stays under the secret that it was sealed with'); END;

-- Added in the order of a subject's places, so the rowid is the order to tell them in, whatever the clock did.
CREATE TABLE bursar_events (
  business_id TEXT NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  place INTEGER NOT NULL CHECK (place BETWEEN 0 AND 9007199254740991),
  transfer_id TEXT,
  created_at INTEGER NOT NULL,
  dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched IN (0, 1)),
  UNIQUE (business_id, id)
) STRICT;

CREATE INDEX bursar_events_list ON bursar_events (business_id, created_at, id);
CREATE INDEX bursar_events_undispatched ON bursar_events (dispatched) WHERE dispatched = 0;

CREATE TRIGGER bursar_events_never_change BEFORE UPDATE OF
  business_id, id, type, subject_id, place, transfer_id, created_at ON bursar_events
BEGIN SELECT RAISE(ABORT, 'an event never changes'); END;
CREATE TRIGGER bursar_events_are_dispatched_once BEFORE UPDATE OF dispatched ON bursar_events
WHEN NEW.dispatched <= OLD.dispatched
BEGIN SELECT RAISE(ABORT, 'an event is dispatched once'); END;
CREATE TRIGGER bursar_events_never_go BEFORE DELETE ON bursar_events
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TABLE bursar_webhook_endpoints (
  business_id TEXT NOT NULL REFERENCES bursar_businesses (id),
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT,
  types TEXT,
  secrets TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
  disabled_reason TEXT,
  failing_since INTEGER,
  version INTEGER NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, id)
) STRICT, WITHOUT ROWID;

-- Outlive their endpoint. `take_at` is when it is worth looking whether one may be taken: never before `due_at`, not while
-- the endpoint is disabled (NULL), and not before what it has to wait for is tried again. So a worker does not step over
-- all that waits for a server that is down.
CREATE TABLE bursar_deliveries (
  business_id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 9007199254740991),
  due_at INTEGER,
  take_at INTEGER,
  response_status INTEGER,
  error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (business_id, endpoint_id, event_id),
  FOREIGN KEY (business_id, event_id) REFERENCES bursar_events (business_id, id),
  CONSTRAINT due_while_pending CHECK ((due_at IS NOT NULL) = (status = 'pending'))
) STRICT;

CREATE INDEX bursar_deliveries_take ON bursar_deliveries (take_at) WHERE take_at IS NOT NULL;
-- What stands before a delivery of the same subject.
CREATE INDEX bursar_deliveries_pending ON bursar_deliveries (business_id, endpoint_id, subject_id, place)
  WHERE status = 'pending';
CREATE INDEX bursar_deliveries_list ON bursar_deliveries (business_id, created_at, event_id, endpoint_id);
CREATE INDEX bursar_deliveries_endpoint ON bursar_deliveries (business_id, endpoint_id, created_at, event_id);
CREATE INDEX bursar_deliveries_status ON bursar_deliveries (business_id, status, created_at, event_id, endpoint_id);

CREATE TABLE bursar_audit_log (
  business_id TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence BETWEEN 1 AND 9007199254740991),
  id TEXT NOT NULL,
  actor_type TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT,
  address TEXT,
  request_id TEXT,
  outcome TEXT NOT NULL,
  details TEXT,
  created_at INTEGER NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (business_id, sequence),
  UNIQUE (business_id, id)
) STRICT;

CREATE TRIGGER bursar_audit_log_never_changes BEFORE UPDATE ON bursar_audit_log
BEGIN SELECT RAISE(ABORT, 'an entry of the audit log never changes'); END;
CREATE TRIGGER bursar_audit_log_never_goes BEFORE DELETE ON bursar_audit_log
BEGIN SELECT RAISE(ABORT, 'an entry of the audit log is never deleted'); END;

CREATE TABLE bursar_usage (
  business_id TEXT NOT NULL,
  day TEXT NOT NULL,
  credential TEXT NOT NULL,
  route TEXT NOT NULL,
  status INTEGER NOT NULL,
  requests INTEGER NOT NULL CHECK (requests BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (business_id, day, credential, route, status)
) STRICT, WITHOUT ROWID;

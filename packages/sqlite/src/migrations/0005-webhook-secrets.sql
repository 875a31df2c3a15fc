-- Which configured secrets the signing secrets of an endpoint are sealed with, and until when they are signed with; NULL for
-- without end. It stands in `secrets` too, but not where it could be looked for.

CREATE TABLE bursar_webhook_secrets (
  business_id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL,
  secret_id TEXT NOT NULL,
  needed_until INTEGER,
  PRIMARY KEY (business_id, endpoint_id, secret_id)
) STRICT, WITHOUT ROWID;

INSERT INTO bursar_webhook_secrets (business_id, endpoint_id, secret_id, needed_until)
SELECT business_id, id, secret_id, CASE WHEN count(*) = count(expires_at) THEN max(expires_at) END
FROM (
  SELECT e.business_id, e.id, s.value ->> 'expiresAt' AS expires_at, substr(
    rtrim(s.value ->> 'sealed', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'), 4,
    length(rtrim(s.value ->> 'sealed', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')) - 4
  ) AS secret_id
  FROM bursar_webhook_endpoints e, json_each(e.secrets) s WHERE s.value ->> 'sealed' LIKE 'v1._%.%'
) GROUP BY business_id, id, secret_id;

CREATE INDEX bursar_webhook_secrets_secret ON bursar_webhook_secrets (secret_id, needed_until);

-- Which configured secrets the signing secrets of an endpoint are sealed with, and until when they are signed with; NULL for
-- without end. It stands in `secrets` too, but not where it could be looked for.

CREATE TABLE bursar_webhook_secrets (
  business_id text COLLATE "C" NOT NULL,
  endpoint_id text COLLATE "C" NOT NULL,
  secret_id text COLLATE "C" NOT NULL,
  needed_until bigint,
  CONSTRAINT bursar_webhook_secrets_pkey PRIMARY KEY (business_id, endpoint_id, secret_id)
);

INSERT INTO bursar_webhook_secrets (business_id, endpoint_id, secret_id, needed_until)
SELECT business_id, id, secret_id, CASE WHEN count(*) = count(expires_at) THEN max(expires_at) END
FROM (
  SELECT e.business_id, e.id, (s.value ->> 'expiresAt')::bigint AS expires_at, substr(
    rtrim(s.value ->> 'sealed', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'), 4,
    length(rtrim(s.value ->> 'sealed', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')) - 4
  ) AS secret_id
  FROM bursar_webhook_endpoints e CROSS JOIN LATERAL jsonb_array_elements(e.secrets::jsonb) s
  WHERE s.value ->> 'sealed' LIKE 'v1._%.%'
) needed GROUP BY business_id, id, secret_id;

CREATE INDEX bursar_webhook_secrets_secret ON bursar_webhook_secrets (secret_id, needed_until);

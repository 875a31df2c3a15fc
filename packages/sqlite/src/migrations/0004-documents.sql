-- Small documents beside the money, which whoever builds on Bursar keeps. `owner` is a business, or '' for all of it.

CREATE TABLE bursar_documents (
  owner TEXT NOT NULL,
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  body TEXT NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (owner, collection, id)
) STRICT;

CREATE INDEX bursar_documents_expired ON bursar_documents (expires_at) WHERE expires_at IS NOT NULL;

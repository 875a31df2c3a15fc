-- Small documents beside the money, which whoever builds on Bursar keeps. `owner` is a business, or '' for all of it.

CREATE TABLE bursar_documents (
  owner text COLLATE "C" NOT NULL,
  collection text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  version bigint NOT NULL CHECK (version BETWEEN 0 AND 9007199254740991),
  body text NOT NULL,
  expires_at bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  CONSTRAINT bursar_documents_pkey PRIMARY KEY (owner, collection, id)
);

CREATE INDEX bursar_documents_expired ON bursar_documents (expires_at) WHERE expires_at IS NOT NULL;

/**
 * What no output may hold: an API key, or 64 hex digits, which are a payout hash, a digest or a secret.
 * Of the tests' output, all of it counts: a log is copied into tickets and kept for years.
 */
export const credentialPattern =
  /[a-z][a-z0-9]{0,19}(?:_pub)?_(?:live|test)_[0-9A-Za-z]{38}|(?<![0-9A-Za-z])[0-9a-fA-F]{64}(?![0-9A-Za-z])/;

-- A payout user's withdrawals in a status. Nearly all succeed, and the latest of those are found as soon without it: so it
-- holds the others alone, and a withdrawal writes to a few pages that are in use anyway.

CREATE INDEX bursar_withdrawals_user_status ON bursar_withdrawals (business_id, payout_user_id, status, sequence)
  WHERE status <> 'succeeded';

-- Referrals at their end of which the referrer does not know yet: few among many.
CREATE INDEX referrals_untold_idx ON referrals (source_id, id)
    WHERE closed_at_version IS NOT NULL AND (acknowledged IS NULL OR acknowledged < closed_at_version);

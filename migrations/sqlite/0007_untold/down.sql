DROP INDEX referrals_untold_idx;

//! Stories of the people who use bangfu, over real HTTP, on both databases.

mod referral;

//! What the database itself refuses, were a rule above it wrong: balances below zero, a line paid twice, one person
//! twice in one payment.

use bangfu_persistence::inspect;
use harness::{City, Database, on_both_databases};

use crate::rebuild_money::Year;

/// Another attempt at lines of which one stands in `state`.
fn second_attempt(state: &str, second: &str) -> String {
    format!(
        "INSERT INTO payment_attempts \
         (reference, relief_id, line, attempt, fund_id, batch_id, amount, state) \
         SELECT substr(reference, 1, 28) || '09', relief_id, line, 9, fund_id, NULL, amount, \
         '{second}' FROM payment_attempts WHERE state = '{state}'"
    )
}

on_both_databases! {
    fn no_rule_that_is_wrong_makes_money_out_of_nothing(database: Database) {
        let year = Year::spend(database);
        let waits = City::living_aid("5.00");
        year.city.approved_relief(&year.office, &year.treasury, &year.case, &waits);
        let location = &year.city.server.location;
        let refuse = |statement: &str, names: &str| {
            let refused = inspect::execute(location, statement);
            let refused = format!("{:?}", refused.expect_err(statement));
            assert!(refused.contains(names), "{statement}: {refused}");
        };
        for column in ["available", "held", "in_transit", "paid"] {
            let below = format!("UPDATE fund_balances SET {column} = -1");
            refuse(&below, &format!("fund_balances_{column}_check"));
        }
        refuse("UPDATE cap_counters SET amount = -1", "cap_counters_amount_check");
        refuse("UPDATE cap_counters SET times = -1", "cap_counters_times_check");
        refuse("UPDATE postings SET amount = 0", "postings_amount_check");
        refuse("UPDATE postings SET debit = credit", "postings_accounts_check");
        refuse("UPDATE postings SET debit = 'pocket'", "postings_debit_check");
        refuse("UPDATE payment_attempts SET amount = 0", "payment_attempts_amount_check");
        refuse(
            "UPDATE payment_attempts SET reference = '1'",
            "payment_attempts_reference_check",
        );
        refuse("UPDATE batches SET total = 0", "batches_total_check");

        let same = if year.city.server.is_postgres() {
            "payment_attempts_line_key"
        } else {
            "payment_attempts.relief_id, payment_attempts.line, payment_attempts.attempt"
        };
        for first in ["open", "in_batch", "unknown"] {
            for second in ["open", "in_batch", "sent", "unknown"] {
                refuse(&second_attempt(first, second), "Duplicate(PaymentLine)");
            }
        }
        refuse(&second_attempt("paid", "paid"), "Duplicate(PaymentLine)");
        let again = second_attempt("refused", "refused").replace(", 9,", ", attempt,");
        refuse(&again, same);
        // After a refusal there may be another one.
        inspect::execute(location, &second_attempt("refused", "open")).unwrap();
    }

    fn one_person_is_not_two_of_one_payment(database: Database) {
        let year = Year::spend(database);
        let location = &year.city.server.location;
        for same in [
            "released_by = made_by",
            "reconciled_by = made_by",
            "reconciled_by = released_by",
            "released_by = made_by, reconciled_by = NULL",
        ] {
            let statement = format!("UPDATE batches SET {same} WHERE state = 'reconciled'");
            let refused = inspect::execute(location, &statement).expect_err(&statement);
            let refused = format!("{refused:?}");
            assert!(refused.contains("batches_three_persons_check"), "{statement}: {refused}");
        }
    }
}

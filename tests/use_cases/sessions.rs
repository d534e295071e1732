//! Logins and passwords without HTTP: what takes long is prepared first, and only for a caller who may do it.

use bangfu_app::{
    Expected, Refusal, UseCaseResult,
    identity::{Login, NewLogin, NewPassword, Subject, Verified},
    use_cases::{accounts, sessions},
};
use bangfu_domain::{ids::PersonId, invalid::Invalid, rejection::Cause};
use bangfu_persistence::WorkError;
use harness::{City, Database, city::PASSWORD, on_both_databases};

use crate::{account_of, request, services};

const NEW: &str = "a quite different sentence";

fn password(text: &str) -> NewPassword {
    NewPassword::parse(text.to_owned()).expect("a password")
}

fn refusal<T>(result: UseCaseResult<T>) -> Refusal {
    match result {
        Err(WorkError::Refused(refusal)) => refusal,
        Err(WorkError::Failed(error)) => panic!("{error}"),
        Ok(_) => panic!("a refusal was expected"),
    }
}

on_both_databases! {
    fn a_password_is_proved_and_changed(database: Database) {
        let city = City::start(database);
        let services = services(&city);
        let run = |text: &str| {
            let sign_in = sessions::SignIn {
                login: "chenchen".to_owned(),
                password: text.to_owned().into(),
            };
            city.server.block_on(sessions::sign_in(&services, sign_in))
        };
        let me = request(account_of(&city, &city.caseworker.id), Expected::Missing);
        let prove = |present: &str| {
            let change = sessions::ChangePassword::new(present.to_owned().into(), password(NEW));
            let change = change.expect("two passwords");
            city.server.block_on(sessions::prove_password(&services, me.who, change))
        };

        assert!(matches!(refusal(run("not the password")), Refusal::SignInFailed));
        assert!(matches!(refusal(prove("not the password")), Refusal::WrongPassword));
        let same = sessions::ChangePassword::new(NEW.to_owned().into(), password(NEW));
        assert_eq!(same.err(), Some(Invalid::NotDistinct));

        let (proven, late) = (prove(PASSWORD).expect("proof"), prove(PASSWORD).expect("proof"));
        let change = |proven| {
            let me = me.clone();
            city.server.block_on(services.perform(me, move |work| {
                sessions::change_password(work, &proven)
            }))
        };
        let changed = change(proven).expect("a change");
        assert_eq!(changed.account.value.token_generation, 1);
        let now = services.store.now().expect("a clock");
        let token = services.tokens.verify(&changed.token.token, now).expect("a token of ours");
        assert_eq!((token.subject, token.generation), (me.who.subject, 1));
        assert!(matches!(refusal(change(late)), Refusal::Unauthenticated));

        for _ in 0..4 {
            assert!(matches!(refusal(run(PASSWORD)), Refusal::SignInFailed));
        }
        let refused = refusal(run(NEW));
        assert!(matches!(refused, Refusal::TooManyAttempts { retry_after: 890..=900 }));
        city.server.clock.advance_days(1);
        run(NEW).expect("a token");
    }

    fn nothing_is_hashed_for_a_caller_who_may_not(database: Database) {
        let city = City::start(database);
        let services = services(&city);
        let [administrator, _] = &city.administrators;
        let [administrator, caseworker] = [administrator, &city.caseworker]
            .map(|person| request(account_of(&city, &person.id), Expected::Missing));
        let hash = |who: Verified, login: &str| {
            let login = Login::parse(login).expect("a login");
            let new = NewLogin { login, password: password(NEW) };
            city.server.block_on(accounts::hash_login(&services, who, new))
        };
        assert!(matches!(refusal(hash(caseworker.who, "heping")), Refusal::Forbidden));
        let reset = accounts::hash_password(&services, caseworker.who, password(NEW));
        assert!(matches!(refusal(city.server.block_on(reset)), Refusal::NotFound));
        let machine = request(Subject::Client(city.hospital.id.parse().expect("an id")), Expected::Missing);
        assert!(matches!(machine.who.account(), Err(Refusal::Because(Cause::NeedsPerson))));

        // Who may prepare it is asked again by the unit of work.
        let login = hash(administrator.who, "chenchen").expect("a hash");
        let person: PersonId = city.caseworker.id.parse().expect("an id");
        for (who, expected) in [(caseworker, "Forbidden"), (administrator, "LoginTaken")] {
            let login = login.clone();
            let opened = services.perform(who, move |work| {
                accounts::open(work, person, &login)
            });
            assert_eq!(format!("{:?}", refusal(city.server.block_on(opened))), expected);
        }
    }
}

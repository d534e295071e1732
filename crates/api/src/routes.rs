//! Every endpoint, in one place.

use utoipa_actix_web::{scope::scope, service_config::ServiceConfig};

use crate::handlers::{
    accounts, cases, clients, grants, installation, oauth, organizations, people, policies,
    referrals, sessions, sources,
};

/// Adds the documented endpoints: the same for server, tests and documentation.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/oauth").service(oauth::issue_token));
    config.service(
        scope("/v1")
            .service(installation::install_city)
            .service(sessions::sign_in)
            .service(organizations::register_organization)
            .service(organizations::list_organizations)
            .service(organizations::get_organization)
            .service(sources::register_source)
            .service(sources::list_sources)
            .service(sources::get_source)
            .service(people::register_person)
            .service(people::list_people)
            .service(people::get_person)
            .service(accounts::open_account)
            .service(clients::register_client)
            .service(clients::list_clients)
            .service(clients::get_client)
            .service(grants::propose_grant)
            .service(grants::list_grants)
            .service(grants::get_grant)
            .service(grants::approve_grant)
            .service(grants::refuse_grant)
            .service(grants::end_grant)
            .service(referrals::receive_referral)
            .service(referrals::list_referrals)
            .service(referrals::get_referral)
            .service(referrals::accept_referral)
            .service(referrals::decline_referral)
            .service(referrals::withdraw_referral)
            .service(referrals::acknowledge_referral)
            .service(referrals::reveal_referral)
            .service(cases::open_case)
            .service(cases::search_cases)
            .service(cases::list_cases)
            .service(cases::get_case)
            .service(cases::reveal_case)
            .service(cases::put_household)
            .service(cases::submit_case)
            .service(cases::return_case)
            .service(cases::review_case)
            .service(cases::approve_case)
            .service(cases::reject_case)
            .service(cases::withdraw_case)
            .service(cases::exit_case)
            .service(cases::reopen_case)
            .service(cases::record_consent)
            .service(cases::record_visit)
            .service(cases::get_visit)
            .service(cases::put_visit)
            .service(cases::request_comparison)
            .service(cases::list_comparisons)
            .service(cases::get_comparison)
            .service(cases::reveal_comparison)
            .service(cases::answer_comparison)
            .service(cases::assess_case)
            .service(cases::publish_notice)
            .service(cases::get_notice)
            .service(cases::record_objection)
            .service(cases::close_notice)
            .service(policies::draft_policy)
            .service(policies::list_policies)
            .service(policies::get_policy)
            .service(policies::prove_policy)
            .service(policies::approve_policy)
            .service(policies::discard_policy),
    );
}

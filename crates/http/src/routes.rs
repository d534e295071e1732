//! Every endpoint, in one place.

use actix_web::http::Method;
use bangfu_domain::case::ATTACHMENT_BYTES;
use utoipa_actix_web::{scope::scope, service_config::ServiceConfig};

use crate::{
    edge::{BodyLimits, LimitsByRoute},
    json::{
        accounts, batches, cases, clients, funds, grants, installation, journal, oauth, organizations, people,
        policies, referrals, reliefs, reports, sessions, sources, trace,
    },
};

/// The bodies that are no documents of [`BodyLimits::DOCUMENT`].
pub const BODIES: LimitsByRoute =
    LimitsByRoute(&[(Method::POST, "/v1/cases/{id}/attachments", BodyLimits::file(ATTACHMENT_BYTES))]);

/// Adds the documented endpoints: the same for server, tests and documentation.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/oauth").service(oauth::issue_token));
    config.service(scope("/v1").configure(city).configure(casework).configure(money));
}

/// The city's own data: who works where, with which powers, by which policy.
fn city(config: &mut ServiceConfig<'_>) {
    config
        .service(installation::install_city)
        .service(sessions::sign_in)
        .service(sessions::get_current_session)
        .service(sessions::change_password)
        .service(organizations::register_organization)
        .service(organizations::list_organizations)
        .service(organizations::get_organization)
        .service(organizations::rename_organization)
        .service(sources::register_source)
        .service(sources::list_sources)
        .service(sources::get_source)
        .service(people::register_person)
        .service(people::list_people)
        .service(people::get_person)
        .service(accounts::open_account)
        .service(accounts::list_accounts)
        .service(accounts::get_account)
        .service(accounts::reset_password)
        .service(accounts::close_account)
        .service(clients::register_client)
        .service(clients::list_clients)
        .service(clients::get_client)
        .service(clients::rotate_secret)
        .service(clients::close_client)
        .service(grants::propose_grant)
        .service(grants::list_grants)
        .service(grants::get_grant)
        .service(grants::approve_grant)
        .service(grants::refuse_grant)
        .service(grants::end_grant)
        .service(policies::draft_policy)
        .service(policies::list_policies)
        .service(policies::get_policy)
        .service(policies::prove_policy)
        .service(policies::approve_policy)
        .service(policies::discard_policy);
}

/// From a referral to the archive.
fn casework(config: &mut ServiceConfig<'_>) {
    config
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
        .service(cases::add_attachment)
        .service(cases::list_attachments)
        .service(cases::get_attachment)
        .service(cases::get_attachment_content);
}

/// Reliefs, funds and payments, and what auditors ask about them.
fn money(config: &mut ServiceConfig<'_>) {
    config
        .service(funds::open_fund)
        .service(funds::list_funds)
        .service(funds::get_fund)
        .service(funds::allocate_fund)
        .service(reliefs::draft_relief)
        .service(reliefs::list_usable_funds)
        .service(reliefs::list_reliefs)
        .service(reliefs::get_relief)
        .service(reliefs::put_relief)
        .service(reliefs::reveal_relief)
        .service(reliefs::submit_relief)
        .service(reliefs::recall_relief)
        .service(reliefs::return_relief)
        .service(reliefs::review_relief)
        .service(reliefs::approve_relief)
        .service(reliefs::reject_relief)
        .service(reliefs::cancel_relief)
        .service(reliefs::correct_account)
        .service(batches::make_batch)
        .service(batches::list_batches)
        .service(batches::get_batch)
        .service(batches::get_batch_file)
        .service(batches::void_batch)
        .service(batches::release_batch)
        .service(batches::send_batch)
        .service(batches::take_results)
        .service(batches::reconcile_batch)
        .service(reports::count_disbursements)
        .service(journal::read_journal)
        .service(trace::trace);
}

//! Every endpoint, in one place.

use utoipa_actix_web::{scope::scope, service_config::ServiceConfig};

use crate::handlers::{
    accounts, cases, clients, grants, installation, oauth, organizations, people, referrals,
    sessions, sources,
};

/// Adds the documented endpoints: the same for server, tests and documentation.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/oauth").service(oauth::issue_token));
    config.service(
        scope("/v1")
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
            .service(referrals::receive_referral)
            .service(referrals::list_referrals)
            .service(referrals::get_referral)
            .service(referrals::accept_referral)
            .service(referrals::decline_referral)
            .service(referrals::withdraw_referral)
            .service(referrals::acknowledge_referral)
            .service(referrals::reveal_referral)
            .service(cases::get_case),
    );
}

//! The endpoints: one file per resource. A handler parses the request, calls one use case and renders its output.

pub mod accounts;
pub mod batches;
pub mod cases;
pub mod clients;
pub mod funds;
pub mod grants;
pub mod installation;
pub mod journal;
pub mod oauth;
pub mod organizations;
pub mod people;
pub mod policies;
pub mod problems;
pub mod referrals;
pub mod reliefs;
pub mod reports;
pub mod revealing;
pub mod sessions;
pub mod sources;
pub mod system;
pub mod trace;

use actix_web::HttpResponse;

use crate::problem::Problem;

/// What every handler gives.
type Answer = Result<HttpResponse, Problem>;

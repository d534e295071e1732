//! The file that a payment batch gives to the bank.

use actix_web::{HttpResponse, get, http::header};
use bangfu_app::use_cases::batches;
use bangfu_domain::ids::BatchId;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::{
    Answer,
    problems::{ReadProblems, StateProblems},
};
use crate::edge::{ApiRequest, Id};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_batch_file);
}

/// Read the file of a payment batch
///
/// CSV in UTF-8 with the columns `reference,account,name,bank,amount,purpose`. It was made at the release, and every
/// reading gives the same bytes; `Repr-Digest` has their SHA-256. The reading is recorded before anything is shown.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    responses((status = 200, content_type = "text/csv", body = String, description = "The file"), ReadProblems,
        StateProblems))]
#[get("/payment-batches/{id}/file")]
pub async fn get_batch_file(request: ApiRequest, id: Id<BatchId>) -> Answer {
    let file = request.perform(move |work| batches::file(work, id.0)).await?;
    let digest = BASE64.encode(&Sha256::digest(file.csv().as_bytes()));
    let name = format!("attachment; filename=\"bangfu-{}.csv\"", id.0);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header(("Repr-Digest", format!("sha-256=:{digest}:")))
        .body(file.csv().to_owned()))
}

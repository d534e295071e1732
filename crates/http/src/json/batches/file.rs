use actix_web::{HttpResponse, get, http::header};
use bangfu_app::use_cases::batches::open_file;
use bangfu_domain::{batch::Batch, decision::Decision, ids::BatchId, vault::Group};
use bangfu_persistence::Access as AccessRecord;
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::{
    super::{
        Answer,
        problems::{ReadProblems, StateProblems},
    },
    take::batch_resource,
};
use crate::{
    access::Action,
    edge::{ApiRequest, Condition, Id},
    problem::told,
};

/// Why the file was opened, as the access log says.
const REASON: &str = "payment batch file";

/// Read the file of a payment batch
///
/// CSV in UTF-8 with the columns `reference,account,name,bank,amount,purpose`. It was made at the release, and every
/// reading gives the same bytes; `Repr-Digest` has their SHA-256. The reading is recorded before anything is shown.
#[utoipa::path(tag = "payments", security(("bearer" = [])),
    params(("id" = String, Path, description = "The batch")),
    responses((status = 200, content_type = "text/csv", body = String, description = "The file"), ReadProblems,
        StateProblems))]
#[get("/payment-batches/{id}/file")]
pub async fn get_batch_file(request: ApiRequest, id: Id<BatchId>) -> Answer {
    let opened = request.open_values("batch.file", move |deed| {
        let (batch, _) = deed.take::<Batch>(
            id.0,
            batch_resource,
            Action::ViewBatch,
            Action::ReadBatchFile,
            Condition::None,
        )?;
        let file = open_file(&mut deed.work(), &batch.value).map_err(told)?;
        let access = AccessRecord {
            record: id.0.into(),
            groups: vec![Group::Bank],
            reason: REASON.to_owned(),
        };
        let stage = deed.stage(Decision::default())?.with_access(access);
        Ok((stage, file))
    });
    let file = opened.await?;
    let digest = BASE64.encode(&Sha256::digest(file.csv().as_bytes()));
    let name = format!("attachment; filename=\"bangfu-{}.csv\"", id.0);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header(("Repr-Digest", format!("sha-256=:{digest}:")))
        .body(file.csv().to_owned()))
}

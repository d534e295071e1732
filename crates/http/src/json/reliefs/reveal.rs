use actix_web::{HttpResponse, post};
use bangfu_domain::{
    ids::ReliefId,
    record::{RecordKind, RecordRef},
    vault::Group,
};

use super::{
    super::{
        Answer,
        cases::{RevealedDocuments, refuse_own, show},
        problems::WriteProblems,
        revealing::RevealRequest,
    },
    take::look,
};
use crate::{
    access::Action,
    edge::{ApiRequest, Body, Id},
};

/// Open a relief's personal values
///
/// The account, for medical aid what the household paid itself, and what was written about the steps, by group:
/// `bank`, `money`, `narrative`. The opening is recorded before anything is shown. The answer is never stored, so
/// there is no Idempotency-Key.
#[utoipa::path(tag = "reliefs", security(("bearer" = [])), request_body = RevealRequest,
    params(("id" = String, Path, description = "The relief")),
    responses((status = 200, body = RevealedDocuments, description = "Opened"), WriteProblems))]
#[post("/reliefs/{id}/reveal")]
pub async fn reveal_relief(
    request: ApiRequest,
    id: Id<ReliefId>,
    body: Body<RevealRequest>,
) -> Answer {
    let revealed = request.reveal("relief.reveal", body, move |deed, (groups, reason)| {
        let taken = look(deed, id.0)?;
        deed.sight()
            .require(Action::RevealRelief, &taken.on)
            .map_err(bangfu_persistence::WorkError::Refused)?;
        refuse_own(deed, &taken.case)?;
        let relief = &taken.relief.value;
        let mut records: Vec<RecordRef> = vec![relief.id.into()];
        records.extend(relief.remarks.iter().copied().map(RecordRef::from));
        let mut opened = deed.tx.open_each(&records, groups)?;
        opened.retain(|it| match (it.record.kind, it.group) {
            (RecordKind::Relief, Group::Bank) => it.version == relief.account_version,
            (RecordKind::Relief, Group::Money) => it.version == relief.basis_version,
            _ => true,
        });
        show(deed, opened, groups, reason.as_str(), id.0.into())
    });
    Ok(HttpResponse::Ok().json(revealed.await?))
}

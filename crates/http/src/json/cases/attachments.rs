//! Files attached to a case: adding, listing and reading them.

use actix_web::{get, post};
use bangfu_app::{
    Names,
    use_cases::cases::{self, AddAttachment, AttachmentOfCase},
};
use bangfu_domain::{
    case::{AttachmentKind, FileName, MediaType},
    ids::{AttachmentId, CaseId, PersonId},
    time::Day,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::super::refs::StaffRef;
use super::super::{
    Answer,
    problems::{FileProblems, ReadProblems, StateProblems, UploadProblems, WriteProblems},
};
use crate::{
    edge::{ApiRequest, Download, Id, IdWithParams, Present, Upload, created, views},
    problem::{Code, Problem},
};

/// The endpoints.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(add_attachment).service(list_attachments).service(get_attachment).service(get_attachment_content);
}

views! {
    AttachmentView at "/v1/attachments";
}

/// A file attached to a case. It never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    /// The attachment.
    pub id: AttachmentId,
    /// Its version: always 1.
    pub version: u32,
    /// The case.
    pub case_id: CaseId,
    /// What it is.
    pub kind: AttachmentKind,
    /// The member whom it is about; null where it is the household as a whole.
    pub person_id: Option<PersonId>,
    /// Of which type it is.
    pub media_type: MediaType,
    /// How many bytes it has.
    pub length: u64,
    /// The masked form of its name: the first character; null where it has none, and in the answer to its making.
    #[schema(max_length = 120)]
    pub file_name: Option<String>,
    /// The day on which it was added.
    pub added_on: Day,
    /// Who added it.
    pub added_by: StaffRef,
}

impl Present<AttachmentOfCase> for AttachmentView {
    fn of(it: &AttachmentOfCase, names: &mut Names) -> Self {
        let AttachmentOfCase { case, attachment, name } = it;
        Self {
            id: attachment.attachment,
            version: 1,
            case_id: *case,
            kind: attachment.kind,
            person_id: attachment.person,
            media_type: attachment.media_type,
            length: attachment.length,
            file_name: name.clone(),
            added_on: attachment.added_on,
            added_by: StaffRef::of(&attachment.added_by, names),
        }
    }
}

/// The files attached to a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attachments {
    /// All of them, oldest first; at most 100.
    pub items: Vec<AttachmentView>,
}

impl Present<Vec<AttachmentOfCase>> for Attachments {
    fn of(it: &Vec<AttachmentOfCase>, names: &mut Names) -> Self {
        Self { items: Vec::of(it.as_slice(), names) }
    }
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(as = File, value_type = String, format = Binary)]
#[expect(dead_code, reason = "it describes bytes that are streamed and never held")]
pub struct FileContent(Vec<u8>);

/// What a file is.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AttachmentParams {
    /// What it is.
    #[param(example = "diagnosis")]
    pub kind: AttachmentKind,
    /// The member whom it is about. Left out where it is the household as a whole.
    pub person_id: Option<PersonId>,
}

impl AttachmentParams {
    fn parse(self, media_type: &str, file_name: Option<&str>) -> Result<AddAttachment, Problem> {
        Ok(AddAttachment {
            kind: self.kind,
            person: self.person_id,
            media_type: media_type.parse().map_err(|_| Problem::new(Code::MediaTypeDiffers))?,
            file_name: file_name
                .map(FileName::parse)
                .transpose()
                .map_err(|invalid| Problem::invalid_at("/file_name", invalid))?,
        })
    }
}

/// All that a request says beside the file, for its fingerprint.
fn described(input: &AddAttachment) -> String {
    let AddAttachment { kind, person, media_type, file_name } = input;
    let person = person.map(|person| person.to_string()).unwrap_or_default();
    format!("{kind}\n{person}\n{media_type}\n{}", file_name.as_ref().map_or("", FileName::as_str))
}

/// Attach a file to a case
///
/// The body is the file itself: PDF, JPEG, PNG or TIFF, of at most 20 MiB, under its own `Content-Type`. Its name comes
/// in `Content-Disposition: attachment; filename*=UTF-8''…`, and never in the address, which is logged. The file is
/// sealed under the key of the member whom it is about, or of the household.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    params(AttachmentParams,
        ("Content-Disposition" = Option<String>, Header, max_length = 2000, description = "The file's name \
            (RFC 6266), at most 120 characters: `attachment; filename*=UTF-8''…`.")),
    request_body(description = "The file", content(
        (FileContent = "application/pdf"), (FileContent = "image/jpeg"),
        (FileContent = "image/png"), (FileContent = "image/tiff"))),
    responses((status = 201, body = AttachmentView, description = "Attached"), WriteProblems, UploadProblems,
        FileProblems))]
#[post("/cases/{id}/attachments")]
pub async fn add_attachment(
    request: ApiRequest,
    target: IdWithParams<CaseId, AttachmentParams>,
    mut upload: Upload,
) -> Answer {
    let IdWithParams(case, params) = target;
    request.require_key()?;
    let input = params.parse(&upload.media_type, upload.file_name.as_deref())?;
    let person = input.person;
    request.check_first(move |ctx| cases::check_attaching(ctx, case, person)).await?;
    let receiving = request.services().receive_attachment(input.media_type, async || upload.next().await);
    let file = receiving.await?;
    let described = described(&input);
    request
        .execute_with_file(
            &described,
            file,
            move |work, file| cases::add_attachment(work, case, &input, file),
            created::<AttachmentView, _>,
        )
        .await
}

/// List the files attached to a case
///
/// Their names are masked.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, body = Attachments, description = "The files"), ReadProblems))]
#[get("/cases/{id}/attachments")]
pub async fn list_attachments(request: ApiRequest, id: Id<CaseId>) -> Answer {
    request.answer::<Attachments, _>(move |ctx| cases::list_attachments(ctx, id.0)).await
}

/// Read what is known of an attached file
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, body = AttachmentView, description = "The attachment"), ReadProblems))]
#[get("/attachments/{id}")]
pub async fn get_attachment(request: ApiRequest, id: Id<AttachmentId>) -> Answer {
    request.show::<AttachmentView, _>(move |ctx| cases::get_attachment(ctx, id.0)).await
}

/// Read an attached file
///
/// The opening is recorded before the first byte is sent. The file comes as it was sent, to be saved and not shown.
#[utoipa::path(tag = "evidence", security(("bearer" = [])),
    responses((status = 200, description = "The file", content(
            (FileContent = "application/pdf"), (FileContent = "image/jpeg"), (FileContent = "image/png"),
            (FileContent = "image/tiff"))),
        ReadProblems, StateProblems, FileProblems))]
#[get("/attachments/{id}/content")]
pub async fn get_attachment_content(request: ApiRequest, id: Id<AttachmentId>) -> Answer {
    let app = request.app();
    // What cannot be read is not recorded as opened.
    app.store.blobs()?;
    let opened = request.perform(move |work| cases::open_attachment(work, id.0)).await?;
    let media_type = opened.attachment.media_type;
    let unnamed = format!("{}.{}", id.0, media_type.extension());
    let download = Download {
        media_type: media_type.code(),
        length: opened.attachment.length,
        etag: format!("\"{}\"", id.0),
        file_name: opened.file_name.as_ref().map_or(unnamed.as_str(), FileName::as_str),
    };
    download.answer(app.store.read_blob(opened.blob).await?).await
}

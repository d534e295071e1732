//! Attachments 附件: their contents are received before the unit of work that records them, and read after the one that
//! opens them.

use bangfu_domain::{
    case::{
        Attachment, AttachmentKind, AttachmentName, Case, CaseCommand, FileName, MediaType, NewAttachment, subject_of,
    },
    decision::Decision,
    ids::{AttachmentId, BlobId, CaseId, PersonId},
    record::{RecordKind, RecordRef},
    vault::{Group, KeyClass},
};
use bangfu_persistence::{
    AccessRecord, Masked, OpenedBlob, ReadTransaction, SealedBlob, Staged, StoreError, WorkError,
};

use super::{locked::stage, refuse_own};
use crate::{
    AccessControlled, AllowedActions, Condition, Locked, ReadContext, Refusal, Services, UnitOfWork, UseCaseResult,
    access::Action,
};

/// The reason in the access log for opening a file.
const REASON: &str = "attachment content";

/// What is said of a file that is attached.
#[derive(Debug, Clone)]
pub struct AddAttachment {
    pub kind: AttachmentKind,
    /// The member whom it is about; none for the household as a whole.
    pub person: Option<PersonId>,
    pub media_type: MediaType,
    pub file_name: Option<FileName>,
}

/// An attachment, with its case.
#[derive(Debug, Clone)]
pub struct AttachmentOfCase {
    pub case: CaseId,
    pub attachment: Attachment,
    /// The masked form of its name; only when read.
    pub name: Option<String>,
}

/// An attachment that was opened for the caller.
pub struct OpenedAttachment {
    pub attachment: Attachment,
    pub blob: OpenedBlob,
    pub file_name: Option<FileName>,
}

/// Checks whether the caller may attach a file about this member, before the content is received.
pub fn check_attaching(ctx: &mut ReadContext<'_, '_>, id: CaseId, person: Option<PersonId>) -> UseCaseResult<()> {
    let (found, resource) = ctx.get::<Case>(id)?;
    let case = found.value;
    ctx.require(case.action(CaseCommand::AddAttachment), &resource)?;
    match case.check_attaching(ctx.caller.actor, person) {
        Ok(()) => Ok(()),
        Err(rejection) => {
            let allowed = Some(case.allowed_actions(ctx, &resource)?);
            Err(Refusal::Rejected { rejection: Box::new(rejection), allowed }.into())
        }
    }
}

impl Services {
    /// Receives the content of an attachment, piece by piece. It is refused as soon as its first bytes are not those of
    /// its declared type, and nothing of it remains.
    pub async fn receive_attachment<B: AsRef<[u8]>, E: From<WorkError<Refusal>>>(
        &self,
        declared: MediaType,
        mut next: impl AsyncFnMut() -> Result<Option<B>, E>,
    ) -> Result<SealedBlob, E> {
        let failed = |error| E::from(WorkError::Failed(error));
        let differs = || E::from(WorkError::Refused(Refusal::MediaTypeDiffers));
        let mut upload = self.store.receive_blob().await.map_err(failed)?;
        let mut beginning: Vec<u8> = Vec::with_capacity(MediaType::SIGNATURE_BYTES);
        while let Some(bytes) = next().await? {
            let bytes = bytes.as_ref();
            let lacks = MediaType::SIGNATURE_BYTES - beginning.len();
            if lacks > 0 {
                beginning.extend(bytes.iter().take(lacks));
                let is_enough = beginning.len() == MediaType::SIGNATURE_BYTES;
                if is_enough && MediaType::of_signature(&beginning) != Some(declared) {
                    return Err(differs());
                }
            }
            upload = upload.add(bytes).await.map_err(failed)?;
        }
        if MediaType::of_signature(&beginning) != Some(declared) {
            return Err(differs());
        }
        upload.finish().await.map_err(failed)
    }
}

/// Attaches a file whose content was received.
pub fn add_attachment(
    work: &mut UnitOfWork<'_, '_>,
    id: CaseId,
    input: &AddAttachment,
    blob: &SealedBlob,
) -> UseCaseResult<(Staged, AttachmentOfCase)> {
    let locked = work.lock_for::<Case>(id, CaseCommand::AddAttachment, Condition::Optional)?;
    let AddAttachment { kind, person, media_type, file_name } = input.clone();
    let recorded = blob.recorded(id, subject_of(id, person), KeyClass::Aid, media_type.code())?;
    let new = NewAttachment {
        attachment: AttachmentId::from_uuid(blob.id.as_uuid()),
        kind,
        person,
        media_type,
        content: blob.content,
        commitment: recorded.commitment().clone(),
        file_name,
    };
    let outcome = locked.thing.value.add_attachment(&mut work.context(), &new);
    let (staged, case) = stage(work, &locked, outcome)?;
    let attachment = there(&case.thing.value, new.attachment)?;
    Ok((staged.with_blob(recorded), AttachmentOfCase { case: id, attachment, name: None }))
}

/// The attachments of a case, oldest first.
pub fn list_attachments(ctx: &mut ReadContext<'_, '_>, id: CaseId) -> UseCaseResult<Vec<AttachmentOfCase>> {
    let (case, _) = ctx.get::<Case>(id)?;
    Ok(with_names(ctx, id, &case.value.evidence.attachments)?)
}

/// An attachment, without its content.
pub fn get_attachment(ctx: &mut ReadContext<'_, '_>, id: AttachmentId) -> UseCaseResult<AttachmentOfCase> {
    let case = case_of(ctx.tx, id)?;
    let (found, _) = ctx.get::<Case>(case)?;
    let attachment = there(&found.value, id)?;
    Ok(with_names(ctx, case, &[attachment])?.pop().ok_or(Refusal::NotFound)?)
}

/// Opens an attachment for the caller, and records it so. The content is read after the commit.
pub fn open_attachment(work: &mut UnitOfWork<'_, '_>, id: AttachmentId) -> UseCaseResult<(Staged, OpenedAttachment)> {
    let case = case_of(work.tx, id)?;
    let Locked { thing, resource } = work.lock::<Case>(case)?;
    work.reading().require(Action::OpenAttachment, &resource)?;
    refuse_own(work.caller, &thing.value)?;
    let attachment = there(&thing.value, id)?;
    if attachment.person.is_some_and(|person| !thing.value.has_member(person)) {
        return Err(Refusal::WrongState { state: "former_member" }.into());
    }
    let blob = work.tx.open_blob(BlobId::from_uuid(id.as_uuid()))?.ok_or(Refusal::NotFound)?;
    let mut groups = vec![attachment.kind.group()];
    let named = work.tx.open_each(&[id.into()], &[Group::Narrative])?.pop();
    let file_name = match named {
        None => None,
        Some(named) => {
            groups.push(named.group);
            Some(named.read::<AttachmentName>()?.file_name)
        }
    };
    groups.dedup();
    let mut staged = work.stage(Decision::default())?;
    for record in [RecordRef::from(id)].into_iter().chain(attachment.person.map(RecordRef::from)) {
        let (groups, reason) = (groups.clone(), REASON.to_owned());
        staged = staged.with_access(AccessRecord { record, groups, reason });
    }
    Ok((staged, OpenedAttachment { attachment, blob, file_name }))
}

/// The case of an attachment, whose id is also its blob's.
fn case_of(tx: &mut ReadTransaction<'_>, id: AttachmentId) -> UseCaseResult<CaseId> {
    let record = tx.record_of_blob(BlobId::from_uuid(id.as_uuid()))?;
    let case = record.filter(|it| it.kind == RecordKind::Case).map(|it| CaseId::from_uuid(it.id));
    Ok(case.ok_or(Refusal::NotFound)?)
}

fn there(case: &Case, id: AttachmentId) -> Result<Attachment, StoreError> {
    super::evidence::there(case.id, case.evidence.attachment(id).cloned())
}

fn with_names(
    ctx: &mut ReadContext<'_, '_>,
    case: CaseId,
    attachments: &[Attachment],
) -> Result<Vec<AttachmentOfCase>, StoreError> {
    let ids: Vec<_> = attachments.iter().map(|it| it.attachment.as_uuid()).collect();
    let mut names = ctx.tx.masked(RecordKind::Attachment, &ids)?;
    let name = |masked: Masked| masked.into_values().find_map(|it| it.text("file_name").map(str::to_owned));
    let all = attachments.iter().map(|attachment| AttachmentOfCase {
        case,
        attachment: attachment.clone(),
        name: names.remove(&attachment.attachment.as_uuid()).and_then(name),
    });
    Ok(all.collect())
}

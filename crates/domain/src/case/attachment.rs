//! Attachments 附件: scanned pages and photographs that prove what a case says.

use super::{AttachmentAdded, AttachmentKind, AttachmentName, Case, CaseCommand, CaseEvent, FileName, MediaType};
use crate::{
    actor::Actor,
    content::{Content, ContentCommitment},
    decision::{Context, Decision, RejectionContext},
    ids::{AttachmentId, CaseId, PersonId},
    invalid::Invalid,
    rejection::{Cause, Rejection},
    vault::SubjectRef,
};

/// How many bytes a file may have.
pub const ATTACHMENT_BYTES: usize = 20 * 1_024 * 1_024;

/// How many files a case may have.
pub const ATTACHMENTS_AT_MOST: usize = 100;

impl MediaType {
    /// How many bytes of a file say what it is.
    pub const SIGNATURE_BYTES: usize = 8;

    /// The type that the first bytes of a file say.
    pub fn of_signature(beginning: &[u8]) -> Option<Self> {
        let signatures: [(&[u8], Self); 5] = [
            (b"%PDF-", Self::Pdf),
            (b"\xFF\xD8\xFF", Self::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Self::Png),
            (b"II*\0", Self::Tiff),
            (b"MM\0*", Self::Tiff),
        ];
        signatures.into_iter().find(|(signature, _)| beginning.starts_with(signature)).map(|(_, it)| it)
    }

    /// The usual end of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Tiff => "tiff",
        }
    }
}

/// A file to be attached. Its content is sealed and durable already.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    pub attachment: AttachmentId,
    pub kind: AttachmentKind,
    /// The member whom it is about; none for the household as a whole.
    pub person: Option<PersonId>,
    pub media_type: MediaType,
    pub content: Content,
    pub commitment: ContentCommitment,
    pub file_name: Option<FileName>,
}

/// Under whose key a file is sealed.
pub fn subject_of(case: CaseId, person: Option<PersonId>) -> SubjectRef {
    person.map_or_else(|| case.into(), Into::into)
}

impl Case {
    /// Refuses a file about this member whatever its content is. It is asked before the content is received.
    pub fn check_attaching(&self, by: Actor, person: Option<PersonId>) -> Result<(), Rejection> {
        self.attaching(by, person).map(|_| ())
    }

    fn attaching(&self, by: Actor, about: Option<PersonId>) -> Result<(PersonId, RejectionContext), Rejection> {
        let (added_by, rejection) = self.acting(by, CaseCommand::AddAttachment)?;
        let room = self.evidence.attachments.len() < ATTACHMENTS_AT_MOST;
        rejection.unless(room, Cause::TooManyAttachments { limit: ATTACHMENTS_AT_MOST })?;
        rejection.unless(about.is_none_or(|person| self.has_member(person)), Cause::NotAMember)?;
        Ok((added_by, rejection))
    }

    /// Attaches a file.
    pub fn add_attachment(&self, ctx: &mut Context<'_>, new: &NewAttachment) -> Result<Decision, Rejection> {
        let (added_by, rejection) = self.attaching(ctx.actor, new.person)?;
        let length = usize::try_from(new.content.length).unwrap_or(usize::MAX);
        let in_range = (1..=ATTACHMENT_BYTES).contains(&length);
        rejection.unless(in_range, Cause::Value { pointer: "", invalid: Invalid::OutOfRange })?;
        let mut decision = Decision::default();
        let subject = subject_of(self.id, new.person);
        let name = new.file_name.clone().map(|file_name| AttachmentName { file_name });
        let name = name.map(|name| decision.add_document(ctx, new.attachment, subject, 1, &name)).transpose();
        let documents = name.map_err(|cause| rejection.because(cause))?.into_iter().collect();
        decision.record(
            self.id,
            CaseEvent::AttachmentAdded(AttachmentAdded {
                attachment: new.attachment,
                kind: new.kind,
                person: new.person,
                media_type: new.media_type,
                length: new.content.length,
                content: new.commitment.clone(),
                added_on: ctx.now.day(),
                added_by,
                documents,
            }),
        );
        Ok(decision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(MediaType::of_signature(b"%PDF-1.7\n"), Some(MediaType::Pdf));
        assert_eq!(MediaType::of_signature(b"\xFF\xD8\xFF\xE0\0\x10JF"), Some(MediaType::Jpeg));
        assert_eq!(MediaType::of_signature(b"\x89PNG\r\n\x1A\n"), Some(MediaType::Png));
        assert_eq!(MediaType::of_signature(b"MM\0*\0\0\0\x08"), Some(MediaType::Tiff));
        for other in [b"<html><s".as_slice(), b"PK\x03\x04", b"MZ", b"", b"%PDF", b" %PDF-1.", b"GIF89a"] {
            assert_eq!(MediaType::of_signature(other), None);
        }
    }
}

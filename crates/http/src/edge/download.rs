//! An answer that is a file: read piece by piece while it is sent.

use actix_web::{
    HttpResponse,
    body::SizedStream,
    http::header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue, HeaderValue},
    web::Bytes,
};
use bangfu_persistence::{BlobDownload, StoreError};
use futures_util::stream;

use crate::problem::Problem;

/// A file as an answer. It is saved and never shown in the page, whatever it holds.
pub struct Download<'a> {
    pub media_type: &'a str,
    pub length: u64,
    /// The entity tag. A file never changes.
    pub etag: String,
    pub file_name: &'a str,
}

impl Download<'_> {
    /// The answer. Its first piece is read before the head is sent, so that a file that is not there is told by a
    /// problem. A later failure ends the connection, and the client lacks bytes.
    pub async fn answer(self, content: BlobDownload) -> Result<HttpResponse, Problem> {
        let (first, rest) = content.next().await?;
        let pieces = stream::try_unfold((Some(first), rest), |(first, rest)| async move {
            match (first, rest) {
                (Some(first), rest) => Ok(Some((Bytes::from(first), (None, rest)))),
                (None, Some(rest)) => {
                    let (bytes, rest) = rest.next().await.inspect_err(lost)?;
                    Ok::<_, StoreError>(Some((Bytes::from(bytes), (None, rest))))
                }
                (None, None) => Ok(None),
            }
        });
        Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, self.media_type.to_owned()))
            .insert_header((header::CONTENT_DISPOSITION, disposition(self.file_name)))
            .insert_header((header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")))
            .insert_header((header::ETAG, self.etag))
            .body(SizedStream::new(self.length, Box::pin(pieces))))
    }
}

fn lost(error: &StoreError) {
    tracing::error!(error = error.log(), "a file that is being sent cannot be read");
}

/// `attachment` with the name in UTF-8 (RFC 6266, RFC 8187), and in ASCII for old clients.
fn disposition(name: &str) -> ContentDisposition {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let extended = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(name.chars().map(plain).collect()),
            DispositionParam::FilenameExt(extended),
        ],
    }
}

//! Texts that no query reads, packed: stored answers and the documents of derived rows. Most of such a text is names of
//! fields and codes, which a dictionary has in common for all of them, so that a short text becomes short as well.

use std::cell::RefCell;

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::{Pg, PgValue},
    serialize::{self, IsNull, Output, ToSql},
    sql_types::Binary,
    sqlite::Sqlite,
};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use crate::sql_types::PackedSql;

/// The first byte of a text that is deflated with [`DICTIONARY`]. No text that is stored begins with it; with any other
/// byte begins a text that is not packed. Another dictionary gets another number.
const DEFLATED: u8 = 1;
/// What such texts have in common. What was packed with it is not readable with another one.
const DICTIONARY: &[u8] = include_bytes!("packed/dictionary.txt");
/// How much is tried: of the ten levels the one from which on more time saves little.
const LEVEL: u32 = 3;
/// How many bytes the length of the text takes after the first byte.
const LENGTH_BYTES: usize = 4;

/// A text in a row, packed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = PackedSql)]
pub struct DbPacked(pub String);

thread_local! {
    /// Its tables are large, and made once for each thread.
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), false));
}

/// Packs a text, where that makes it shorter.
fn pack(text: &str) -> Vec<u8> {
    let plain = || text.as_bytes().to_vec();
    let Ok(length) = u32::try_from(text.len()) else { return plain() };
    let mut packed = Vec::with_capacity(text.len());
    packed.push(DEFLATED);
    packed.extend_from_slice(&length.to_be_bytes());
    let done = COMPRESS.with_borrow_mut(|compress| {
        compress.reset();
        compress.set_dictionary(DICTIONARY)?;
        compress.compress_vec(text.as_bytes(), &mut packed, FlushCompress::Finish)
    });
    // Where it would be longer, the vector may end before the stream does.
    let is_shorter = matches!(done, Ok(Status::StreamEnd)) && packed.len() < text.len();
    if is_shorter { packed } else { plain() }
}

/// Reads what [`pack`] wrote.
fn unpack(bytes: &[u8]) -> Option<String> {
    let [DEFLATED, rest @ ..] = bytes else { return String::from_utf8(bytes.to_vec()).ok() };
    let (length, deflated) = rest.split_first_chunk::<LENGTH_BYTES>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let mut text = Vec::with_capacity(length);
    let mut decompress = Decompress::new(false);
    decompress.set_dictionary(DICTIONARY).ok()?;
    decompress.decompress_vec(deflated, &mut text, FlushDecompress::Finish).ok()?;
    (text.len() == length).then_some(())?;
    String::from_utf8(text).ok()
}

impl ToSql<PackedSql, Pg> for DbPacked {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, &pack(&self.0))?;
        Ok(IsNull::No)
    }
}

impl FromSql<PackedSql, Pg> for DbPacked {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(unpack(value.as_bytes()).ok_or("not a packed text")?))
    }
}

impl ToSql<PackedSql, Sqlite> for DbPacked {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(pack(&self.0));
        Ok(IsNull::No)
    }
}

impl FromSql<PackedSql, Sqlite> for DbPacked {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
        Ok(Self(unpack(&bytes).ok_or("not a packed text")?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_read_as_it_was() {
        let document =
            r#"{"id":"0176bb07-8180-7d3d-9186-0550ec58646b","version":2,"state":"accepted","progress":null}"#;
        for text in ["", "x", "帮扶", document, &document.repeat(1_000), &"é".repeat(70_000)] {
            assert_eq!(unpack(&pack(text)).as_deref(), Some(text));
        }
        assert!(pack(document).len() * 3 < document.len() * 2);
        assert_eq!(pack("x"), b"x", "what would be longer stays as it is");
    }

    #[test]
    fn a_text_that_is_not_packed_is_read_too() {
        assert_eq!(unpack(b"{}").as_deref(), Some("{}"));
        assert_eq!(unpack(&[DEFLATED, 0, 0, 0, 9, 1, 2]), None);
        assert_eq!(unpack(&[DEFLATED]), None);
        assert_eq!(unpack(&[0xff]), None);
    }
}

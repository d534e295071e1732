//! The file of a batch for the bank 代发文件: CSV in UTF-8, made once and never changed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::BatchLine;
use crate::{
    bank::PayeeAccount,
    hardship::AidType,
    invalid::Invalid,
    money::Fen,
    relief::PaymentReference,
    vault::{Group, KeyClass, VaultDocument},
};

/// The first row.
const HEADER: [&str; 6] = ["reference", "account", "name", "bank", "amount", "purpose"];

/// One payment as the bank reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    pub reference: PaymentReference,
    pub payee: PayeeAccount,
    pub amount: Fen,
    pub purpose: AidType,
    pub account_version: u32,
}

impl FileRow {
    /// The payment of a line of a batch.
    pub fn new(line: &BatchLine, payee: PayeeAccount, account_version: u32, purpose: AidType) -> Self {
        let (reference, amount) = (line.reference(), line.amount);
        Self { reference, payee, amount, purpose, account_version }
    }
}

/// The text that a bank shows to the payee 附言.
fn purpose_text(aid_type: AidType) -> &'static str {
    match aid_type {
        AidType::Living => "生活救助",
        AidType::Medical => "医疗救助",
        AidType::Education => "子女助学",
    }
}

/// The values sent to the bank for one payment, to be compared with its results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentRow {
    pub reference: String,
    pub account: String,
    pub name: String,
    pub amount: Fen,
}

/// The file, sealed under the batch's own key: a voucher, which outlives the consent of the people in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BatchFile {
    csv: String,
}

impl VaultDocument for BatchFile {
    const GROUP: Group = Group::Bank;
    const CLASS: KeyClass = KeyClass::Voucher;

    fn masked(&self) -> Value {
        json!({})
    }
}

impl BatchFile {
    /// Writes the rows.
    pub fn of(rows: &[FileRow]) -> Result<Self, Invalid> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let unwritable = |_| Invalid::Format;
        writer.write_record(HEADER).map_err(unwritable)?;
        for row in rows {
            let (reference, amount) = (row.reference.to_string(), row.amount.to_string());
            let PayeeAccount { account, name, bank } = &row.payee;
            let fields =
                [&reference, account.as_str(), name.as_str(), bank.as_str(), &amount, purpose_text(row.purpose)];
            writer.write_record(fields).map_err(unwritable)?;
        }
        let bytes = writer.into_inner().map_err(|_| Invalid::Format)?;
        Ok(Self { csv: String::from_utf8(bytes).map_err(|_| Invalid::Format)? })
    }

    /// The file's text.
    pub fn csv(&self) -> &str {
        &self.csv
    }

    /// Its rows, in the order of the batch's lines.
    pub fn rows(&self) -> Result<Vec<SentRow>, Invalid> {
        let mut reader = csv::Reader::from_reader(self.csv.as_bytes());
        let read = |record: Result<csv::StringRecord, csv::Error>| {
            let record = record.map_err(|_| Invalid::Format)?;
            let field = |i| record.get(i).map(str::to_owned).ok_or(Invalid::Format);
            Ok(SentRow {
                reference: field(0)?,
                account: field(1)?,
                name: field(2)?,
                amount: Fen::parse_yuan(&field(4)?)?,
            })
        };
        reader.records().map(read).collect()
    }
}

//! Personal values: sealed apart from the journal, which keeps only commitments to them.

use std::fmt;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::Sha256;
use uuid::Uuid;

use crate::{
    codes::codes,
    ids::{BatchId, CaseId, PersonId, ReferralId},
    invalid::Invalid,
    record::RecordRef,
};

codes! {
    /// The owner of a vault key. Destroying the key erases the subject.
    SubjectKind {
        /// One natural person in the city.
        Person = "person" ("Person", "自然人"),
        /// A referral before it is accepted.
        Referral = "referral" ("Referral", "线索"),
        /// A household as a whole.
        Case = "case" ("Household", "家庭"),
        /// A payment batch.
        Batch = "batch" ("Payment batch", "发放批次"),
    }
}

codes! {
    /// A key's purpose: *aid* ends with consent, *voucher* outlives it.
    KeyClass {
        /// Everything that serves the decision about aid.
        Aid = "aid" ("Aid", "帮扶"),
        /// Payee and bank data of sent lines, which accounting law keeps.
        Voucher = "voucher" ("Voucher", "凭证"),
    }
}

codes! {
    /// A group of values: the unit of consent, of opening and of the access log.
    Group {
        /// Names, identity numbers, birth dates and the referrer's own references.
        Identity = "identity" ("Identity", "身份信息"),
        /// Phone numbers and addresses.
        Contact = "contact" ("Contact", "联系方式"),
        /// Bank accounts.
        Bank = "bank" ("Bank account", "银行账户"),
        /// Diagnoses and stays in hospital.
        Health = "health" ("Health", "健康信息"),
        /// Incomes and costs.
        Money = "money" ("Income and expenses", "收支信息"),
        /// Free text.
        Narrative = "narrative" ("Narrative", "文字说明"),
    }
}

/// Whose key seals a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectRef {
    pub kind: SubjectKind,
    pub id: Uuid,
}

impl From<PersonId> for SubjectRef {
    fn from(id: PersonId) -> Self {
        Self { kind: SubjectKind::Person, id: id.as_uuid() }
    }
}

impl From<ReferralId> for SubjectRef {
    fn from(id: ReferralId) -> Self {
        Self { kind: SubjectKind::Referral, id: id.as_uuid() }
    }
}

impl From<CaseId> for SubjectRef {
    fn from(id: CaseId) -> Self {
        Self { kind: SubjectKind::Case, id: id.as_uuid() }
    }
}

impl From<BatchId> for SubjectRef {
    fn from(id: BatchId) -> Self {
        Self { kind: SubjectKind::Batch, id: id.as_uuid() }
    }
}

impl fmt::Display for SubjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind, self.id)
    }
}

/// A random salt, kept inside the sealed document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt([u8; 16]);

impl Salt {
    /// Takes sixteen random bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the sealed document alone.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// A search term by which a subject is found without opening documents (a blind index keeps its HMAC).
#[derive(Clone, PartialEq, Eq)]
pub enum Term {
    /// The identity number 公民身份号码.
    IdentityNumber(crate::identity_number::IdentityNumber),
    Phone(crate::phone::Phone),
    /// A bank account 银行账号.
    BankAccount(crate::bank::AccountNumber),
    /// A full name; the index derives surname and pinyin initials from it.
    Name(crate::name::PersonName),
}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Term::IdentityNumber(_) => "IdentityNumber(…)",
            Term::Phone(_) => "Phone(…)",
            Term::BankAccount(_) => "BankAccount(…)",
            Term::Name(_) => "Name(…)",
        })
    }
}

/// Values that are sealed together as one document.
pub trait VaultDocument: Serialize + DeserializeOwned {
    /// The group that they make up.
    const GROUP: Group;

    /// The purpose of the key that seals them.
    const CLASS: KeyClass = KeyClass::Aid;

    /// Where its amounts stand, as JSON pointers with `*` for an index. They are sealed as whole fen.
    const AMOUNTS: &'static [&'static str] = &[];

    /// The masked form of each field, stored in clear next to the sealed document.
    fn masked(&self) -> Value;

    /// The terms under which the subject is found.
    fn terms(&self) -> Vec<Term> {
        Vec::new()
    }
}

/// The values of an opened document. They are read as the type that was sealed, or shown as they are.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct OpenedValues(Value);

/// The masked form of a document: what of it is shown without opening it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(value_type = Object))]
#[serde(transparent)]
pub struct MaskedValues(Value);

impl OpenedValues {
    /// The values as the type that was sealed.
    pub fn read<T: VaultDocument>(self) -> serde_json::Result<T> {
        serde_json::from_value(self.0)
    }

    /// The values as they are, with amounts in fen.
    pub fn into_json(self) -> Value {
        self.0
    }

    /// Adds the values of another document of the same group.
    pub fn add(&mut self, other: Self) {
        merge(&mut self.0, other.0);
    }
}

impl MaskedValues {
    /// A field that is a text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str()
    }

    /// Adds the masked form of another document of the same group.
    pub fn add(&mut self, other: Self) {
        merge(&mut self.0, other.0);
    }
}

/// Adds the fields of one document to those of another: after acceptance a referral has one document per person. A
/// field without a value does not hide one that has.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => into.extend(from.into_iter().filter(|(_, it)| !it.is_null())),
        (into, from) => *into = from,
    }
}

/// One document for the vault: one record, subject, group and version.
#[derive(Clone)]
pub struct Document {
    pub record: RecordRef,
    pub subject: SubjectRef,
    pub class: KeyClass,
    pub group: Group,
    /// Counts from 1; values are never overwritten.
    pub version: u32,
    pub values: Value,
    pub masked: Value,
    pub salt: Salt,
    pub terms: Vec<Term>,
}

/// Names the document's place, and nothing of its values.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, subject, class, group, version, .. } = self;
        write!(f, "Document({record}, {subject}, {class}, {group}, version {version})")
    }
}

/// What a commitment covers: the values in their place.
#[derive(Serialize)]
struct Placed<'a> {
    record: RecordRef,
    subject: SubjectRef,
    class: KeyClass,
    group: Group,
    version: u32,
    values: &'a Value,
}

/// The commitment to a document in the journal: it proves that these values were set, without revealing them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    pub subject: SubjectRef,
    pub group: Group,
    pub version: u32,
    /// HMAC-SHA256 of the document under its salt, in lower-case hexadecimal.
    pub hmac: String,
}

impl Document {
    /// Prepares `values` for the vault, under the subject's key of their class.
    pub fn of<T: VaultDocument>(
        record: impl Into<RecordRef>,
        subject: impl Into<SubjectRef>,
        version: u32,
        values: &T,
        salt: Salt,
    ) -> Result<Self, Invalid> {
        Ok(Self {
            record: record.into(),
            subject: subject.into(),
            class: T::CLASS,
            group: T::GROUP,
            version,
            values: serde_json::to_value(values).map_err(|_| Invalid::Format)?,
            masked: values.masked(),
            salt,
            terms: values.terms(),
        })
    }

    /// The commitment for the journal. It binds the values to their place: a document that is moved
    /// to another record, subject, group or version no longer agrees with it.
    pub fn commitment(&self) -> Result<Commitment, Invalid> {
        let placed = Placed {
            record: self.record,
            subject: self.subject,
            class: self.class,
            group: self.group,
            version: self.version,
            values: &self.values,
        };
        let text = crate::canonical::to_string(&placed).map_err(|_| Invalid::Format)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(self.salt.as_bytes()).map_err(|_| Invalid::Format)?;
        mac.update(text.as_bytes());
        Ok(Commitment {
            subject: self.subject,
            group: self.group,
            version: self.version,
            hmac: HEXLOWER.encode(&mac.finalize().into_bytes()),
        })
    }
}

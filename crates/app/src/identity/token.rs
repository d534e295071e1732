//! Bearer tokens: the checks of signature, issuer, audience and time.

use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{Mutex, PoisonError},
};

use bangfu_domain::{
    ids::{AccountId, ClientId},
    invalid::Invalid,
    rejection::Cause,
    time::Instant,
};
use bangfu_persistence::Key;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::session::{Lifetimes, Session, SessionClaims};
use crate::Refusal;

/// The audience that every token of this API names.
const AUDIENCE: &str = "bangfu";
/// The type that every access token names in its header (RFC 9068).
const TOKEN_TYPE: &str = "at+jwt";
/// The maximum number of verified tokens in the cache, by hash. When it is reached, the cache is cleared.
const REMEMBERED: usize = 4_096;
/// How far the clocks of two servers may differ, in seconds.
const LEEWAY_SECONDS: i64 = 30;

/// Whom a token names: an account or a client, and nothing of what it may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The holder of the installation token, who may install a city that is not installed, and nothing else.
    Installer,
    Account(AccountId),
    Client(ClientId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Installer => f.write_str("installer"),
            Subject::Account(id) => write!(f, "account/{id}"),
            Subject::Client(id) => write!(f, "client/{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.split_once('/') {
            Some(("account", id)) => id.parse().map(Subject::Account),
            Some(("client", id)) => id.parse().map(Subject::Client),
            _ => Err(Invalid::Format),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    /// The account's token generation when the token was issued; a client has none.
    #[serde(default, rename = "epoch")]
    generation: u32,
    /// The session of a person, and when it began.
    #[serde(flatten)]
    session: Option<SessionClaims>,
}

/// The content of a verified token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    pub subject: Subject,
    /// The account's token generation. A later generation makes the token void.
    pub generation: u32,
    /// The session of a person; a machine has none.
    pub session: Option<Session>,
    pub expires_at: Instant,
}

/// What is signed in a token, whenever it is valid.
#[derive(Debug, Clone, Copy)]
struct Signed {
    not_before: Instant,
    verified: Verified,
}

impl Verified {
    /// The account behind the token. Only a person has one.
    pub fn account(&self) -> Result<AccountId, Refusal> {
        match self.subject {
            Subject::Account(id) => Ok(id),
            Subject::Installer | Subject::Client(_) => Err(Refusal::Because(Cause::NeedsPerson)),
        }
    }

    /// The session of the token. Only a person has one.
    pub fn session(&self) -> Result<Session, Refusal> {
        self.session.ok_or(Refusal::Because(Cause::NeedsPerson))
    }
}

/// A token could not be made, or is not one of ours, or not valid now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid access token")]
pub struct TokenError;

/// A fresh access token.
#[derive(Clone)]
pub struct IssuedToken {
    pub token: String,
    /// For how many seconds it is valid.
    pub expires_in: i64,
}

/// Issues and checks access tokens: JWTs signed with Ed25519, by RFC 8725 and RFC 9068.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    key_id: String,
    public: String,
    issuer: String,
    lifetimes: Lifetimes,
    known: Mutex<HashMap<[u8; 32], Signed>>,
}

/// The fixed beginning of an Ed25519 private key in PKCS #8 (RFC 8410); the 32 bytes of the seed follow.
const PKCS8_ED25519: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

impl Tokens {
    /// Tokens signed with the key of this seed.
    pub fn new(seed: &Key, issuer: String, lifetimes: Lifetimes) -> Result<Self, TokenError> {
        let public = SigningKey::from_bytes(seed).verifying_key();
        let key_id = HEXLOWER.encode(&Sha256::digest(public.as_bytes())).chars().take(16).collect();
        let public = BASE64URL_NOPAD.encode(public.as_bytes());
        let private = zeroize::Zeroizing::new([PKCS8_ED25519.as_slice(), seed.as_slice()].concat());
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Time is the store's: it is compared below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Ok(Self {
            encoding: EncodingKey::from_ed_der(&private),
            decoding: DecodingKey::from_ed_components(&public).map_err(|_| TokenError)?,
            validation,
            key_id,
            public,
            issuer,
            lifetimes,
            known: Mutex::default(),
        })
    }

    /// A token for `subject`, valid from now; for an account it begins a session. `generation` is the account's; for a
    /// client it is 0.
    pub fn issue(&self, subject: Subject, generation: u32, now: Instant) -> Result<IssuedToken, TokenError> {
        let auth_time = now.as_micros() / 1_000_000;
        let session = match subject {
            Subject::Account(_) => Some(SessionClaims::fresh(auth_time)),
            Subject::Client(_) | Subject::Installer => None,
        };
        self.sign(subject, generation, session, now)
    }

    /// A fresh token in the session of a verified one.
    pub fn renew(&self, verified: &Verified, now: Instant) -> Result<IssuedToken, TokenError> {
        let session = verified.session.ok_or(TokenError)?;
        self.sign(verified.subject, verified.generation, Some(session.into()), now)
    }

    fn sign(
        &self,
        subject: Subject,
        generation: u32,
        session: Option<SessionClaims>,
        now: Instant,
    ) -> Result<IssuedToken, TokenError> {
        let Lifetimes { token_seconds, session_seconds } = self.lifetimes;
        let now = now.as_micros() / 1_000_000;
        let left = session.map(|session| session.auth_time + session_seconds - now);
        let expires_in = left.map_or(token_seconds, |left| left.min(token_seconds));
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: subject.to_string(),
            iat: now,
            nbf: now,
            exp: now + expires_in,
            generation,
            session,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(self.key_id.clone());
        let token = jsonwebtoken::encode(&header, &claims, &self.encoding).map_err(|error| {
            tracing::error!(%error, "a token could not be signed");
            TokenError
        })?;
        Ok(IssuedToken { token, expires_in })
    }

    /// The content of a token, if it is ours and valid at `now`.
    pub fn verify(&self, token: &str, now: Instant) -> Result<Verified, TokenError> {
        let Signed { not_before, verified } = self.signed(token)?;
        let now = now.as_micros();
        let early = now + LEEWAY_SECONDS * 1_000_000 < not_before.as_micros();
        if early || verified.expires_at.as_micros() <= now { Err(TokenError) } else { Ok(verified) }
    }

    /// The claims of a token, if it is ours; its time is not checked. The signature is checked once while the token is
    /// cached: a client sends the same token for an hour.
    fn signed(&self, token: &str) -> Result<Signed, TokenError> {
        let name: [u8; 32] = Sha256::digest(token).into();
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signed) = known().get(&name) {
            return Ok(*signed);
        }
        let signed = self.check(token)?;
        let mut known = known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(name, signed);
        Ok(signed)
    }

    fn check(&self, token: &str) -> Result<Signed, TokenError> {
        let data = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).map_err(|_| TokenError)?;
        let ours = data.header.typ.as_deref() == Some(TOKEN_TYPE) && data.header.kid.as_deref() == Some(&self.key_id);
        if !ours {
            return Err(TokenError);
        }
        let Claims { sub, nbf, exp, generation, session, .. } = data.claims;
        let subject = sub.parse().map_err(|_| TokenError)?;
        if session.is_some() != matches!(subject, Subject::Account(_)) {
            return Err(TokenError);
        }
        let session = session.map(|claims| claims.session(self.lifetimes)).transpose()?;
        let (not_before, expires_at) = (second(nbf)?, second(exp)?);
        let expires_at = session.map_or(expires_at, |session| session.ends_at.min(expires_at));
        Ok(Signed { not_before, verified: Verified { subject, generation, session, expires_at } })
    }

    /// The public key, as a JSON Web Key Set.
    pub fn key_set(&self) -> Value {
        json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
            "kid": self.key_id, "x": self.public,
        }] })
    }
}

pub(super) fn second(number: i64) -> Result<Instant, TokenError> {
    let micros = number.checked_mul(1_000_000).ok_or(TokenError)?;
    Instant::from_micros(micros).map_err(|_| TokenError)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const LIFETIMES: Lifetimes = Lifetimes { token_seconds: 3_600, session_seconds: 9_000 };
    const NOON: i64 = 1_609_473_600_000_000;

    fn tokens(seed: u8) -> Tokens {
        Tokens::new(&Key::new([seed; 32]), "https://city".to_owned(), LIFETIMES).unwrap()
    }

    fn at(micros: i64) -> Instant {
        Instant::from_micros(micros).unwrap()
    }

    fn subject() -> Subject {
        Subject::Client(ClientId::from_uuid(Uuid::from_u128(7)))
    }

    #[test]
    fn a_token_names_its_subject_until_it_expires() {
        let tokens = tokens(1);
        let token = tokens.issue(subject(), 3, at(NOON)).unwrap().token;
        let verified =
            Verified { subject: subject(), generation: 3, session: None, expires_at: at(NOON + 3_600_000_000) };
        assert_eq!(tokens.verify(&token, at(NOON)), Ok(verified));
        assert_eq!(tokens.verify(&token, at(NOON)), Ok(verified), "known by now");
        assert_eq!(tokens.verify(&token, at(NOON + 3_600_000_000)), Err(TokenError));
        assert_eq!(tokens.verify(&token, at(NOON - 60_000_000)), Err(TokenError));
    }

    #[test]
    fn a_session_is_renewed_until_it_ends_and_no_token_outlives_it() {
        let tokens = tokens(1);
        let account = Subject::Account(AccountId::from_uuid(Uuid::from_u128(7)));
        let verify = |token: &IssuedToken, second: i64| tokens.verify(&token.token, at(NOON + second * 1_000_000));
        let issued = tokens.issue(account, 0, at(NOON)).unwrap();
        let first = verify(&issued, 0).unwrap();
        let session = first.session().unwrap();
        assert_eq!((session.began_at, session.ends_at), (at(NOON), at(NOON + 9_000_000_000)));

        let renewed = tokens.renew(&first, at(NOON + 3_000_000_000)).unwrap();
        assert_eq!(renewed.expires_in, 3_600);
        let second = verify(&renewed, 3_000).unwrap();
        assert_eq!(second.session, first.session);
        let last = tokens.renew(&second, at(NOON + 6_500_000_000)).unwrap();
        assert_eq!(last.expires_in, 2_500, "what is left of the session");
        assert_eq!(verify(&last, 8_999).unwrap().session, first.session);
        assert_eq!(verify(&last, 9_000), Err(TokenError));

        let another = tokens.issue(account, 0, at(NOON)).unwrap();
        assert_ne!(verify(&another, 0).unwrap().session, first.session);
        // A server whose sessions are shorter now holds to that.
        let shorter = Lifetimes { session_seconds: 600, ..LIFETIMES };
        let shorter = Tokens::new(&Key::new([1; 32]), "https://city".to_owned(), shorter).unwrap();
        assert!(shorter.verify(&issued.token, at(NOON + 599_000_000)).is_ok());
        assert_eq!(shorter.verify(&issued.token, at(NOON + 600_000_000)), Err(TokenError));
    }

    #[test]
    fn a_person_has_a_session_and_a_machine_has_none() {
        let tokens = tokens(1);
        let session = SessionClaims::fresh(NOON / 1_000_000);
        let account = Subject::Account(AccountId::from_uuid(Uuid::from_u128(7)));
        for (subject, session) in [(account, None), (subject(), Some(session))] {
            let token = tokens.sign(subject, 0, session, at(NOON)).unwrap().token;
            assert_eq!(tokens.verify(&token, at(NOON)), Err(TokenError));
        }
        let machine = tokens.issue(subject(), 0, at(NOON)).unwrap().token;
        let machine = tokens.verify(&machine, at(NOON)).unwrap();
        assert!(machine.session().is_err() && tokens.renew(&machine, at(NOON)).is_err());
    }

    #[test]
    fn another_key_issuer_type_or_algorithm_is_refused() {
        let tokens = tokens(1);
        let foreign = self::tokens(2).issue(subject(), 0, at(NOON)).unwrap().token;
        assert_eq!(tokens.verify(&foreign, at(NOON)), Err(TokenError));

        let elsewhere = Tokens::new(&Key::new([1; 32]), "https://other".to_owned(), LIFETIMES).unwrap();
        let token = elsewhere.issue(subject(), 0, at(NOON)).unwrap().token;
        assert_eq!(tokens.verify(&token, at(NOON)), Err(TokenError));

        let claims = json!({ "iss": "https://city", "aud": AUDIENCE, "sub": subject().to_string(),
            "iat": 1_609_473_600, "nbf": 1_609_473_600, "exp": 1_609_477_200, "epoch": 0 });
        let plain = Header::new(Algorithm::EdDSA);
        let untyped = jsonwebtoken::encode(&plain, &claims, &tokens.encoding).unwrap();
        assert_eq!(tokens.verify(&untyped, at(NOON)), Err(TokenError));

        let secret = EncodingKey::from_secret(tokens.public.as_bytes());
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(tokens.key_id.clone());
        let confused = jsonwebtoken::encode(&header, &claims, &secret).unwrap();
        assert_eq!(tokens.verify(&confused, at(NOON)), Err(TokenError));
        assert_eq!(tokens.verify("", at(NOON)), Err(TokenError));
    }
}

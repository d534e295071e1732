//! Parameters of the query and the path.

use std::{
    future::{Ready, ready},
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::body::of_invalid;
use crate::problem::{Code, Problem};

/// Query parameters. One that is not known is an error, never ignored: the type denies unknown fields.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

/// Reads the parameters, or names the wrong one. One without a value is wrong: a list that left the filter out would
/// show more than was asked for.
fn read<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let given = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
    serde_path_to_error::deserialize(given).map_err(|error| {
        let parameter = error.path().to_string();
        let words = error.into_inner().to_string();
        let quoted: Vec<&str> = words.split('`').skip(1).step_by(2).collect();
        match quoted.as_slice() {
            [missing] if words.starts_with("missing field") => Problem::invalid_parameter(missing, "required"),
            [repeated] if words.starts_with("duplicate field") => Problem::invalid_parameter(repeated, "exactly_one"),
            [_, known @ ..] if words.starts_with("unknown field") => Problem::unknown_parameter(known),
            _ => Problem::invalid_parameter(&parameter, of_invalid(&words).unwrap_or("format")),
        }
    })
}

/// No query parameters at all.
#[derive(Debug, Clone, Copy)]
pub struct NoParams;

impl FromRequest for NoParams {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let none = request.query_string().is_empty();
        ready(if none { Ok(Self) } else { Err(Problem::unknown_parameter(&[])) })
    }
}

/// The id in a path. What is not an id names nothing. Beside an id there are no query parameters.
#[derive(Debug, Clone, Copy)]
pub struct Id<T>(pub T);

impl<T: FromStr> FromRequest for Id<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(NoParams::from_request(request, payload).into_inner().and(id(request)).map(Self))
    }
}

/// The id in a path, with query parameters beside it.
#[derive(Debug, Clone, Copy)]
pub struct IdWithParams<T, P>(pub T, pub P);

impl<T: FromStr, P: DeserializeOwned> FromRequest for IdWithParams<T, P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let params = Params::<P>::from_request(request, payload).into_inner();
        ready(params.and_then(|params| Ok(Self(id(request)?, params.0))))
    }
}

fn id<T: FromStr>(request: &HttpRequest) -> Result<T, Problem> {
    let id = request.match_info().get("id").and_then(|id| id.parse().ok());
    id.ok_or_else(|| Problem::new(Code::NotFound))
}

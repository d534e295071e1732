//! A request that one caller may send, sent by all who may not.

use harness::{Answer, Client, http::Headers};
use serde_json::Value;
use ureq::http::Method;

/// An id at which nothing stands.
pub const UNKNOWN: &str = "00000000-0000-7000-8000-000000000000";

/// What is sent.
#[derive(Clone)]
pub enum Content {
    Nothing,
    Json(Value),
    Form(String),
    /// A file of this media type.
    File(&'static str, &'static [u8]),
}

/// One operation, with a request that succeeds for the right caller.
pub struct Probe {
    pub operation: String,
    /// What stands for `{id}`.
    id: Option<String>,
    /// What stands after the path.
    query: String,
    /// Another thing alike, for the right caller, where one of the others may do it too and changes the
    /// first.
    twin: Option<String>,
    content: Content,
    right: Client,
    /// The same content naming something that does not exist, where the path has no id.
    unknown: Option<Content>,
}

impl Probe {
    /// A request without an id in its path.
    pub fn new(operation: &str, right: &Client, content: Content) -> Self {
        Self {
            operation: operation.to_owned(),
            id: None,
            query: String::new(),
            twin: None,
            content,
            right: right.clone(),
            unknown: None,
        }
    }

    pub fn get(operation: &str, right: &Client) -> Self {
        Self::new(operation, right, Content::Nothing)
    }

    pub fn post(operation: &str, right: &Client, body: Value) -> Self {
        Self::new(operation, right, Content::Json(body))
    }

    /// Reads what stands below this: something of the same thing, by the same caller.
    pub fn below(&self, operation: &str) -> Self {
        Self { id: self.id.clone(), ..Self::get(operation, &self.right) }
    }

    /// Reads the first item of this list, by the same caller.
    pub fn first(&self, operation: &str) -> Self {
        let items = self.send(&self.right, None, &self.content).expect(200);
        Self::get(operation, &self.right).on(items.text("/items/0/id"))
    }

    /// The thing that it is about.
    pub fn on(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// With a query.
    pub fn asking(self, query: impl Into<String>) -> Self {
        Self { query: query.into(), ..self }
    }

    /// The thing that the right caller asks for instead.
    pub fn twin(self, id: impl Into<String>) -> Self {
        Self { twin: Some(id.into()), ..self }
    }

    /// The field of the body that can name what does not exist.
    pub fn naming(mut self, field: &str) -> Self {
        let Content::Json(mut body) = self.content.clone() else { panic!("a JSON body") };
        body[field] = UNKNOWN.into();
        self.unknown = Some(Content::Json(body));
        self
    }

    /// The content that names what does not exist.
    pub fn otherwise(self, content: Content) -> Self {
        Self { unknown: Some(content), ..self }
    }

    fn send(&self, client: &Client, id: Option<&str>, content: &Content) -> Answer {
        let (method, path) = self.operation.split_once(' ').expect("method and path");
        let path = id.map_or(path.to_owned(), |id| path.replace("{id}", id).replace("{name}", id));
        assert!(!path.contains('{'), "{path} needs an id");
        let path = format!("{path}{}", self.query);
        let method: Method = method.parse().expect("a method");
        // What is asked of one thing has a version to compare, whichever it is: a wrong one would hide who may do it.
        let of_a_thing = method != Method::GET && self.operation.contains("{id}");
        let headers = if of_a_thing { Headers::if_match("*") } else { Headers::default() };
        match content {
            Content::Nothing => client.send(&method, &path, None, &headers),
            Content::Json(body) => client.send(&method, &path, Some(body.to_string().as_bytes()), &headers),
            Content::Form(form) => client.post_form(&path, form),
            Content::File(media_type, bytes) => {
                let headers = Headers { content_type: Some((*media_type).to_owned()), ..Headers::default() };
                client.send(&method, &path, Some(bytes), &headers)
            }
        }
    }

    /// The answers to everybody.
    pub fn answers(&self, strangers: &[Client]) -> Vec<Option<Answer>> {
        let id = self.id.as_deref();
        let mut answers: Vec<_> = strangers.iter().map(|client| Some(self.send(client, id, &self.content))).collect();
        answers.push(match (&self.id, &self.unknown) {
            (Some(_), _) => Some(self.send(&self.right, Some(UNKNOWN), &self.content)),
            (None, Some(content)) => Some(self.send(&self.right, None, content)),
            (None, None) => None,
        });
        let id = self.twin.as_deref().or(id);
        answers.push(Some(self.send(&self.right, id, &self.content)));
        answers
    }
}

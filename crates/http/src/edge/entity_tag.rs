//! Entity tags (RFC 9110 §8.8.3) as clients and the proxies between send them back in `If-Match` and `If-None-Match`.

use actix_web::http::header::HeaderMap;

use crate::problem::Problem;

/// The header by which a client names what it decided on.
pub const IF_MATCH: &str = "If-Match";
/// The header by which a client names what it has already.
pub const IF_NONE_MATCH: &str = "If-None-Match";

/// What a conditional header names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityTags {
    /// `*`: whatever there is.
    Any,
    Listed(Vec<EntityTag>),
}

/// An entity tag without its quotes. Whether it is weak makes no difference: a proxy that compresses answers weakens
/// the tag of the same version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityTag(String);

impl EntityTags {
    /// The tags of a header, which may come in several lines. `None` where it was not sent.
    pub fn of(headers: &HeaderMap, name: &'static str) -> Result<Option<Self>, Problem> {
        if !headers.contains_key(name) {
            return Ok(None);
        }
        let malformed = || Problem::invalid_header(name, "format");
        let lines: Result<Vec<&str>, _> = headers.get_all(name).map(|line| line.to_str()).collect();
        let text = lines.map_err(|_| malformed())?.join(",");
        parse(&text).map(Some).ok_or_else(malformed)
    }

    /// The versions that it names, or none for any of them. A tag that is not ours names none.
    pub fn versions(&self) -> Option<Vec<u32>> {
        match self {
            EntityTags::Any => None,
            EntityTags::Listed(tags) => Some(tags.iter().filter_map(EntityTag::version).collect()),
        }
    }

    /// Whether it names the very representation that has this tag.
    pub fn name_representation(&self, current: &EntityTag) -> bool {
        match self {
            EntityTags::Any => true,
            EntityTags::Listed(tags) => tags.iter().any(|tag| tag.is_of(current)),
        }
    }
}

/// A list of tags by the grammar of RFC 9110 §13.1.1, in which elements may be empty.
fn parse(text: &str) -> Option<EntityTags> {
    if text.trim() == "*" {
        return Some(EntityTags::Any);
    }
    let mut tags = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            break;
        }
        let opened = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let (tag, after) = opened.split_once('"')?;
        let allowed = tag.bytes().all(|byte| byte == b'!' || (b'#'..=b'~').contains(&byte));
        let ended = after.trim_start_matches([' ', '\t']);
        if !allowed || !(ended.is_empty() || ended.starts_with(',')) {
            return None;
        }
        tags.push(EntityTag(tag.to_owned()));
        rest = after;
    }
    (!tags.is_empty()).then_some(EntityTags::Listed(tags))
}

impl EntityTag {
    /// The tag of a representation: its resource's version, if it has one, and a digest of its content.
    pub fn new(version: Option<u32>, digest: &str) -> Self {
        Self(version.map_or_else(|| digest.to_owned(), |version| format!("{version}-{digest}")))
    }

    /// The tag as a header has it.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }

    /// The version that stands at its beginning, alone or before what tells representations apart.
    pub fn version(&self) -> Option<u32> {
        let end = self.0.find(|character: char| !character.is_ascii_digit()).unwrap_or(self.0.len());
        let (version, rest) = self.0.split_at_checked(end)?;
        let ours = !version.starts_with('0') && (rest.is_empty() || rest.starts_with(['-', ';']));
        version.parse().ok().filter(|_| ours)
    }

    /// Whether it is a tag, or the mark of a compressing proxy on it: `"3-gzip"`, `"3;br"`.
    fn is_of(&self, tag: &EntityTag) -> bool {
        self.0.strip_prefix(&tag.0).is_some_and(|coding| coding.is_empty() || coding.starts_with(['-', ';']))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{self, HeaderValue};

    use super::*;

    fn versions(lines: &[&'static str]) -> Result<Option<Vec<u32>>, String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::IF_MATCH, HeaderValue::from_static(line));
        }
        let tags = EntityTags::of(&headers, IF_MATCH).map_err(|problem| problem.to_string())?;
        Ok(tags.and_then(|tags| tags.versions()))
    }

    #[test]
    fn a_version_is_read_however_it_comes_back() {
        for tag in ["\"3\"", " \"3\" ", "W/\"3\"", "\"3-gzip\"", "W/\"3--gzip\"", "\"3;br\"", "\"3-9f86d081884c\""] {
            assert_eq!(versions(&[tag]), Ok(Some(vec![3])), "{tag}");
        }
        assert_eq!(versions(&["\"3\", \"5\"", ",,\"9\","]), Ok(Some(vec![3, 5, 9])));
        assert_eq!(
            versions(&["\"abc\", \"03\", \"\", \"3abc\", \"99999999999\""]),
            Ok(Some(vec![])),
            "nobody's version"
        );
        assert_eq!(versions(&["*"]), Ok(None));
    }

    #[test]
    fn what_is_no_list_of_tags_is_refused() {
        for text in ["3", "", ",", "\"3", "3\"", "\"3\" \"4\"", "w/\"3\"", "\"3\", *", "\"a b\"", "\"3\"x"] {
            assert_eq!(versions(&[text]), Err("invalid_header".to_owned()), "{text}");
        }
    }

    #[test]
    fn a_representation_is_known_by_version_and_content() {
        let current = EntityTag::new(Some(3), "9f86d0");
        let names = |text| parse(text).is_some_and(|tags| tags.name_representation(&current));
        for tag in ["\"3-9f86d0\"", "W/\"3-9f86d0\"", "\"3-9f86d0-gzip\"", "\"1\", \"3-9f86d0\"", "*"] {
            assert!(names(tag), "{tag}");
        }
        for tag in ["\"3\"", "\"3-aaaaaa\"", "\"4-9f86d0\"", "\"3-9f86d0f\""] {
            assert!(!names(tag), "{tag}");
        }
    }
}

//! As much of GraphQL as zot's search extension is asked with: reading a question, checking it against the fields there are, and
//! picking what it asks for. Not here: what zot answers (`mod`). Grows by a part of the language that somebody asks with.

use serde_json::{Map, Value};

/// A field that is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub name: String,
    pub arguments: Vec<(String, Argument)>,
    pub fields: Vec<Field>,
}

/// What a field is asked with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Argument {
    Text(String),
    Number(i64),
    Name(String),
    Object(Vec<(String, Argument)>),
}

impl Field {
    /// Returns an argument.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        of(&self.arguments, name)
    }
}

/// Returns a value by its name.
pub(super) fn of<'a>(all: &'a [(String, Argument)], name: &str) -> Option<&'a Argument> {
    all.iter().find(|(key, _)| key == name).map(|(_, it)| it)
}

/// Reads a question; none where it is no GraphQL.
pub(super) fn read(text: &str) -> Option<Vec<Field>> {
    let mut reader = Reader(text);
    let fields = reader.fields()?;
    reader.skip();
    reader.0.is_empty().then_some(fields)
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    /// Skips what means nothing: a comma is one of them.
    fn skip(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\n', '\t', ',']);
    }

    fn takes(&mut self, sign: char) -> bool {
        self.skip();
        let rest = self.0.strip_prefix(sign);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn word(&mut self) -> Option<String> {
        self.skip();
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.0.find(|c| !is_letter(c)).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn fields(&mut self) -> Option<Vec<Field>> {
        let mut fields = Vec::new();
        if !self.takes('{') {
            return None;
        }
        while !self.takes('}') {
            let name = self.word()?;
            let arguments = if self.takes('(') {
                self.arguments(')')?
            } else {
                Vec::new()
            };
            self.skip();
            let fields_of_it = if self.0.starts_with('{') {
                self.fields()?
            } else {
                Vec::new()
            };
            fields.push(Field {
                name,
                arguments,
                fields: fields_of_it,
            });
        }
        (!fields.is_empty()).then_some(fields)
    }

    fn arguments(&mut self, end: char) -> Option<Vec<(String, Argument)>> {
        let mut arguments = Vec::new();
        while !self.takes(end) {
            let name = self.word()?;
            if !self.takes(':') {
                return None;
            }
            arguments.push((name, self.argument()?));
        }
        Some(arguments)
    }

    fn argument(&mut self) -> Option<Argument> {
        if self.takes('{') {
            return Some(Argument::Object(self.arguments('}')?));
        }
        if self.takes('"') {
            let (text, rest) = self.0.split_once('"')?;
            self.0 = rest;
            // No name needs an escape.
            return (!text.contains('\\')).then(|| Argument::Text(text.to_owned()));
        }
        let is_negative = self.takes('-');
        let word = self.word()?;
        Some(match word.parse::<i64>() {
            Ok(number) if is_negative => Argument::Number(-number),
            Ok(number) => Argument::Number(number),
            Err(_) => Argument::Name(word),
        })
    }
}

/// The fields of a type, those with fields of their own with the type of these (`schema.graphql`, as far as anything is made of it).
fn fields_of(of: &str) -> &'static [(&'static str, &'static str)] {
    match of {
        "Query" => &[
            ("RepoListWithNewestImage", "PaginatedReposResult"),
            ("ImageList", "PaginatedImagesResult"),
        ],
        "PaginatedReposResult" => &[("Page", "PageInfo"), ("Results", "RepoSummary")],
        "PaginatedImagesResult" => &[("Page", "PageInfo"), ("Results", "ImageSummary")],
        "PageInfo" => &[("TotalCount", ""), ("ItemCount", "")],
        "RepoSummary" => &[
            ("Name", ""),
            ("LastUpdated", ""),
            ("NewestImage", "ImageSummary"),
        ],
        "ImageSummary" => &[
            ("RepoName", ""),
            ("Tag", ""),
            ("Digest", ""),
            ("MediaType", ""),
            ("Manifests", "ManifestSummary"),
            ("Size", ""),
            ("Description", ""),
            ("PushTimestamp", ""),
            ("TaggedTimestamp", ""),
            ("PushedBy", ""),
        ],
        "ManifestSummary" => &[("Digest", ""), ("Size", ""), ("Platform", "Platform")],
        "Platform" => &[("Os", ""), ("Arch", "")],
        _ => &[],
    }
}

/// Lists what is wrong with a question, in gqlgen's words. `lacks`: fields that this version doesn't have.
pub(super) fn check(fields: &[Field], of: &str, lacks: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for field in fields {
        let known = fields_of(of).iter().find(|(name, _)| *name == field.name);
        match known.filter(|(name, _)| !lacks.contains(name)) {
            None => wrong.push(format!(
                "Cannot query field \"{}\" on type \"{of}\". Did you mean \"PushTimestamp\"?",
                field.name
            )),
            Some((_, "")) if field.fields.is_empty() => {}
            Some((name, of)) if of.is_empty() || field.fields.is_empty() => wrong.push(format!(
                "Field \"{name}\" of type \"{of}\" must have a selection of subfields, or none."
            )),
            Some((_, of)) => wrong.extend(check(&field.fields, of, lacks)),
        }
    }
    wrong
}

/// Picks what is asked for.
pub(super) fn pick(value: &Value, fields: &[Field]) -> Value {
    match value {
        Value::Array(all) => all.iter().map(|one| pick(one, fields)).collect(),
        Value::Object(all) if !fields.is_empty() => {
            let picked = fields.iter().map(|field| {
                let value = all.get(&field.name).unwrap_or(&Value::Null);
                (field.name.clone(), pick(value, &field.fields))
            });
            Value::Object(picked.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_question_is_read_checked_and_answered_field_by_field() {
        let text = r#"{ImageList(repo:"lab/tool",requestedPage:{limit:2,offset:-1,sortBy:ALPHABETIC_ASC}){Page{TotalCount} Results{Tag,Size}}}"#;
        let read = read(text).unwrap();
        assert_eq!(read[0].name, "ImageList");
        let repo = read[0].argument("repo");
        assert_eq!(repo, Some(&Argument::Text("lab/tool".into())));
        let Some(Argument::Object(page)) = read[0].argument("requestedPage") else {
            panic!("{read:?}");
        };
        assert_eq!(of(page, "offset"), Some(&Argument::Number(-1)));
        assert_eq!(
            of(page, "sortBy"),
            Some(&Argument::Name("ALPHABETIC_ASC".into()))
        );
        assert_eq!(check(&read, "Query", &[]), [""; 0]);
        assert_eq!(check(&read, "Query", &["Size"]).len(), 1);
        let whole =
            json!({"ImageList": {"Page": {"TotalCount": 1}, "Results": [{"Tag": "v1", "X": 1}]}});
        assert_eq!(
            pick(&whole, &read),
            json!({"ImageList": {"Page": {"TotalCount": 1}, "Results": [{"Tag": "v1", "Size": null}]}})
        );
    }

    #[test]
    fn hostile_what_is_none_is_refused() {
        for text in [
            "",
            "{}",
            "{a",
            "{a}}",
            "{a(b)}",
            r#"{a(b:"c\"")}"#,
            r#"{a(b:"c}"#,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in [
            "{X}",
            "{ImageList}",
            "{ImageList{Results{Tag{X}}}}",
            "{ImageList{Results{X}}}",
        ] {
            let read = read(text).unwrap();
            assert_eq!(check(&read, "Query", &[]).len(), 1, "{text}");
        }
    }
}

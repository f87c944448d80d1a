//! The text of a configuration, before, between and after.

use proptest::prelude::*;
use serde_json::Value;

use crate::clients::edit::{NotEdited, Section, Taken, put, take};

const KEY: &str = "lab.example:5000";

/// What Docker, Podman, editors and people leave.
const REAL: &[&str] = &[
    "{}",
    "{ }",
    "{\n}\n",
    "{\n\t\"auths\": {}\n}",
    "{\n\t\"auths\": {\n\t\t\"https://index.docker.io/v1/\": {}\n\t},\n\t\"credsStore\": \"desktop\",\n\t\"currentContext\": \"x\"\n}",
    "{\r\n  \"auths\": {\r\n  },\r\n  \"HttpHeaders\": {\"a\": \"}{\"}\r\n}\r\n",
    "{\"auths\":{\"a\":{\"auth\":\"YTpi\"}},\"credHelpers\":{\"gcr.io\":\"gcloud\"}}",
    "{\"credHelpers\": {\"lab.example:5000\": \"\"}}",
    "{ \"credHelpers\" : { \"a\" : \"b\" } , \"plugins\" : [ { } , \"\\\"]\" ] }",
    "{\n    \"CREDHELPERS\": {}, \"n\": -1.5e3, \"t\": true, \"z\": null\n}",
    "  {\"psFormat\": \"table {{.ID}}\\t{{.Names}}\"}\n\n",
    "",
    "\n",
];

/// Puts an entry in, looks at it as Docker does, and takes it out.
fn round(text: Option<&str>, section: Section, value: &str) {
    let (with, undo) = put(text, section, KEY, value).unwrap();
    let mut read: Value = serde_json::from_str(&with).unwrap_or_else(|_| panic!("{}", *with));
    let root = read.as_object_mut().unwrap();
    let name = root
        .keys()
        .find(|name| name.eq_ignore_ascii_case(section.name()))
        .cloned();
    let entries = root.get_mut(&name.unwrap()).unwrap();
    assert_eq!(
        entries.as_object_mut().unwrap().remove(KEY).unwrap(),
        serde_json::from_str::<Value>(value).unwrap(),
        "{}",
        *with
    );
    // It survives being kept.
    let undo = serde_json::from_str(&serde_json::to_string(&undo).unwrap()).unwrap();
    let taken = take(Some(&with), &undo).unwrap();
    let before = match text {
        Some(text) => Taken::Text(text.to_owned().into()),
        None => Taken::NoFile,
    };
    assert_eq!(taken, before, "{}", *with);
    // A second time there is nothing to take, unless another one stood there.
    if let Taken::Text(text) = taken {
        assert_eq!(take(Some(&text), &undo).unwrap(), Taken::Unchanged);
    }
}

#[test]
fn what_goes_in_comes_out_and_no_other_byte_changes() {
    round(None, Section::CredHelpers, "\"pass\"");
    round(None, Section::Auths, "{\"auth\": \"eDp5\"}");
    for text in REAL {
        round(Some(text), Section::CredHelpers, "\"secretservice\"");
        round(Some(text), Section::Auths, "{\"auth\": \"eDp5\"}");
    }
}

/// An object as somebody may have set it.
fn rendered(value: &Value, style: u8) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap();
    match style % 5 {
        0 => value.to_string(),
        1 => pretty,
        2 => pretty.replace('\n', "\r\n"),
        3 => pretty.replace("  ", "\t") + "\n",
        _ => format!(" \n{}", pretty.replace("\": ", "\"  :\n ")),
    }
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z\\\\\"{}\\[\\],:\u{e9}]{0,8}".prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\{]{0,6}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn what_goes_in_comes_out_of_any_configuration(
        others in prop::collection::btree_map("[a-zA-Z.]{1,8}", tree(), 0..4),
        helpers in prop::option::of(prop::collection::btree_map("[a-z.:0-9]{1,16}", "[a-z]{0,8}", 0..4)),
        auths in prop::option::of(prop::collection::btree_map("[a-z.:/]{1,16}", tree(), 0..3)),
        style in any::<u8>(),
    ) {
        let mut root: serde_json::Map<String, Value> = others.into_iter().collect();
        if let Some(helpers) = helpers {
            root.insert("credHelpers".into(), serde_json::to_value(helpers).unwrap());
        }
        if let Some(auths) = auths {
            root.insert("auths".into(), auths.into_iter().collect());
        }
        let text = rendered(&Value::Object(root), style);
        round(Some(&text), Section::CredHelpers, "\"pass\"");
        round(Some(&text), Section::Auths, "{\"auth\": \"eDp5\"}");
    }

    #[test]
    fn no_text_makes_it_fail(text in "[\\{\\}\\[\\]\",:a-z0-9\\\\ \n]{0,60}") {
        if let Ok((with, undo)) = put(Some(&text), Section::CredHelpers, KEY, "\"pass\"") {
            prop_assert_eq!(take(Some(&with), &undo), Ok(Taken::Text(text.clone().into())));
        }
        let (_, undo) = put(None, Section::CredHelpers, KEY, "\"pass\"").unwrap();
        let _ = take(Some(&text), &undo);
    }
}

#[test]
fn it_is_set_as_its_neighbours_are() {
    let put = |text: Option<&str>| {
        let (text, _) = put(text, Section::CredHelpers, KEY, "\"pass\"").unwrap();
        text.to_string()
    };
    let entry = "\"lab.example:5000\": \"pass\"";
    let docker = format!("{{\n\t\"credHelpers\": {{\n\t\t{entry}\n\t}}\n}}");
    assert_eq!(put(None), docker);
    assert_eq!(put(Some("{}")), docker);
    assert_eq!(
        put(Some("{\n  \"auths\": {}\n}")),
        format!("{{\n  \"auths\": {{}},\n  \"credHelpers\": {{\n    {entry}\n  }}\n}}")
    );
    assert_eq!(
        put(Some("{\n  \"credHelpers\": {}\n}")),
        format!("{{\n  \"credHelpers\": {{\n    {entry}\n  }}\n}}")
    );
    assert_eq!(
        put(Some("{\"credHelpers\":{\"a\":\"b\"}}")),
        "{\"credHelpers\":{\"a\":\"b\",\"lab.example:5000\":\"pass\"}}"
    );
}

#[test]
fn what_is_odd_is_left_alone() {
    let put = |text: &str, section| put(Some(text), section, KEY, "\"pass\"").unwrap_err();
    for text in [
        "[]",
        "7",
        "{",
        "{} {}",
        "{}x",
        "// mine\n{}",
        "\u{feff}{}",
        "{\"a\":1,}",
    ] {
        assert_eq!(
            put(text, Section::CredHelpers),
            NotEdited::NotAnObject,
            "{text}"
        );
    }
    for text in [
        "{\"credHelpers\":null}",
        "{\"credHelpers\":\"x\"}",
        "{\"credHelpers\":{},\"CredHelpers\":{}}",
    ] {
        assert_eq!(
            put(text, Section::CredHelpers),
            NotEdited::OddSection,
            "{text}"
        );
    }
    let twice = format!("{{\"credHelpers\":{{\"{KEY}\":\"a\",\"{KEY}\":\"b\"}}}}");
    assert_eq!(put(&twice, Section::CredHelpers), NotEdited::Twice);
    // Somebody's secret is never replaced by ours.
    let theirs = format!("{{\"auths\":{{\"{KEY}\":{{}}}}}}");
    assert_eq!(put(&theirs, Section::Auths), NotEdited::Taken);
}

#[test]
fn what_came_beside_it_stays_and_what_came_in_its_place_is_theirs() {
    let (_, undo) = put(None, Section::CredHelpers, KEY, "\"pass\"").unwrap();
    let taken = |text: &str| match take(Some(text), &undo).unwrap() {
        Taken::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    };
    let docker_wrote =
        "{\n\t\"auths\": {},\n\t\"credHelpers\": {\n\t\t\"lab.example:5000\": \"pass\"\n\t}\n}";
    assert_eq!(taken(docker_wrote), "{\n\t\"auths\": {}\n}");
    assert_eq!(
        taken("{\"credHelpers\":{\"lab.example:5000\":\"pass\",\"b\":\"c\"}}"),
        "{\"credHelpers\":{\"b\":\"c\"}}"
    );
    for theirs in [
        "{\"credHelpers\":{\"lab.example:5000\":\"desktop\"}}",
        "{\"credHelpers\":{}}",
        "{}",
        "",
    ] {
        assert_eq!(taken(theirs), "Unchanged", "{theirs}");
    }
    assert_eq!(take(None, &undo), Ok(Taken::Unchanged));
}

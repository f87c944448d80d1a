//! A small repository: `v1` and `stage` are one image, `v2` shares its base, `multi` is an index over it and another.

use super::*;

fn digest(name: &str) -> Digest {
    Digest::sha256_of(name.as_bytes())
}

fn image(name: &str, layers: &[(&str, u64)]) -> (Digest, Node) {
    let config = (digest(&format!("{name} config")), 1);
    let layers = layers.iter().map(|(layer, size)| (digest(layer), *size));
    let node = Node {
        size: 10,
        blobs: std::iter::once(config).chain(layers).collect(),
        configs: 1,
        children: Vec::new(),
    };
    (digest(name), node)
}

fn index(name: &str, children: &[&str]) -> (Digest, Node) {
    let node = Node {
        size: 5,
        blobs: Vec::new(),
        configs: 0,
        children: children.iter().map(|child| digest(child)).collect(),
    };
    (digest(name), node)
}

fn web(tags: &[(&str, &str)]) -> Graph {
    Graph {
        tags: tags
            .iter()
            .map(|(name, of)| ((*name).to_owned(), digest(of)))
            .collect(),
        manifests: HashMap::from([
            image("a", &[("base", 100), ("top a", 30)]),
            image("b", &[("base", 100), ("top b", 40)]),
            image("arm", &[("arm base", 200)]),
            index("multi", &["a", "arm"]),
        ]),
        incomplete: false,
    }
}

fn tag(name: &str) -> Going {
    Going {
        tags: BTreeSet::from([name.to_owned()]),
        commits: BTreeSet::new(),
    }
}

fn commit(name: &str) -> Going {
    Going {
        tags: BTreeSet::new(),
        commits: BTreeSet::from([digest(name)]),
    }
}

#[test]
fn one_of_two_tags_goes_alone() {
    let web = web(&[("v1", "a"), ("stage", "a"), ("v2", "b")]);
    let consequences = web.consequences(&tag("v1"));
    assert_eq!((consequences.freed, consequences.shared), (0, 141));
    assert!(consequences.unnamed.is_empty() && consequences.names.is_empty());
    let (of, sharers) = web.sharers(&tag("v1"));
    assert_eq!((of, sharers.len(), sharers[0].layers), (2, 1, 1));
    assert_eq!(sharers[0].tag, "v2");
}

#[test]
fn a_tag_that_uses_no_layer_of_what_goes_shares_nothing() {
    let web = web(&[("v1", "a"), ("arm", "arm"), ("multi", "multi")]);
    let (of, sharers) = web.sharers(&tag("v1"));
    let sharers: Vec<_> = sharers
        .iter()
        .map(|sharer| (sharer.tag.as_str(), sharer.layers))
        .collect();
    assert_eq!((of, sharers), (2, vec![("multi", 2)]));
}

#[test]
fn the_last_tag_takes_the_commit_and_what_only_it_used() {
    let web = web(&[("v1", "a"), ("v2", "b")]);
    let consequences = web.consequences(&tag("v1"));
    assert_eq!(consequences.unnamed, BTreeSet::from([digest("a")]));
    assert_eq!((consequences.freed, consequences.shared), (41, 100));
}

#[test]
fn a_commit_takes_every_name_and_breaks_the_index_that_holds_it() {
    let web = web(&[("v1", "a"), ("_h.v1", "a"), ("multi", "multi")]);
    let consequences = web.consequences(&commit("a"));
    assert_eq!(
        consequences.names,
        BTreeSet::from(["_h.v1".to_owned(), "v1".to_owned()])
    );
    assert_eq!(consequences.broken, BTreeSet::from([digest("multi")]));
    assert_eq!((consequences.freed, consequences.shared), (141, 0));
    assert!(consequences.unnamed.is_empty());
}

#[test]
fn a_platform_of_an_index_stays_when_its_own_tag_goes() {
    let web = web(&[("v1", "a"), ("multi", "multi")]);
    let consequences = web.consequences(&tag("v1"));
    assert!(consequences.unnamed.is_empty() && consequences.freed == 0);
    assert_eq!(
        web.holders(&digest("a"), &tag("v1")),
        BTreeSet::from([digest("multi")])
    );
}

#[test]
fn an_index_takes_the_platforms_that_nothing_else_holds() {
    let web = web(&[("v1", "a"), ("multi", "multi")]);
    let consequences = web.consequences(&tag("multi"));
    assert_eq!(consequences.platforms, BTreeSet::from([digest("arm")]));
    assert_eq!((consequences.freed, consequences.shared), (5 + 211, 141));
    assert_eq!(
        consequences,
        Consequences {
            ..web.consequences(&commit("multi"))
        }
        .also_unnamed(&["multi"])
    );
}

impl Consequences {
    fn also_unnamed(mut self, names: &[&str]) -> Self {
        self.names.clear();
        self.unnamed = names.iter().map(|name| digest(name)).collect();
        self
    }
}

#[test]
fn while_anything_is_unread_nothing_counts_as_freed() {
    let mut web = web(&[("v1", "a")]);
    web.incomplete = true;
    let consequences = web.consequences(&tag("v1"));
    assert_eq!((consequences.freed, consequences.shared), (0, 141));
}

#[test]
fn indexes_that_hold_each_other_end() {
    let mut web = web(&[("loop", "one")]);
    web.manifests
        .extend([index("one", &["two"]), index("two", &["one"])]);
    assert_eq!(web.consequences(&tag("loop")).freed, 10);
}

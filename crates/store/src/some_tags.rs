//! Some tags, wherever they are, with all that is known of each, in a handful of queries however many they are.
//!
//! What an engine holds is of many repositories: read tag by tag, a list of it would cost thousands of queries. Not here: all
//! tags of one repository (`tags`, `list_parts`). Grows by what else is known of a tag.

use crate::imported::{self, Record};
use crate::past::{self, PastTag};
use crate::seen::{self, Period};
use crate::tags::{self, ListedTag, listed};
use crate::told::{self, ToldMoment};
use crate::{Error, Place, Store, rows};
use oci::Digest;
use rusqlite::{Connection, Row};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What is known of one tag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownTag {
    /// It and its commit tags, as the registry's list has them.
    pub listed: Vec<ListedTag>,
    /// What it was seen to point at, oldest first.
    pub periods: Vec<Period>,
    /// What other computers saw, by computer and number.
    pub imported: Vec<Record>,
    /// Since when it pointed at commits, as its registry's vendor told.
    pub moments: Vec<ToldMoment>,
    /// What it pointed at before, as its vendor told, oldest first.
    pub past: Vec<PastTag>,
}

/// Each wanted tag, beside the number of its place.
const WANTED: &str = "json_each(?1) w CROSS JOIN json_each(w.value) n";

impl Store {
    /// Returns what is known of these tags; those of which nothing is are left out.
    pub fn known_tags(
        &self,
        wanted: &HashSet<(&Place, &str)>,
    ) -> Result<HashMap<(Place, String), KnownTag>, Error> {
        let connection = self.lock();
        let places: HashSet<&Place> = wanted.iter().map(|(place, _)| *place).collect();
        let places = numbers(&connection, places)?;
        let mut by_place: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
        for (place, tag) in wanted {
            if let Some(id) = places.get(place) {
                by_place.entry(*id).or_default().push(tag);
            }
        }
        if by_place.is_empty() {
            return Ok(HashMap::new());
        }
        let texts = serde_json::to_string(&by_place)?;
        let mut known: HashMap<(i64, String), KnownTag> = HashMap::new();
        let of = |columns: &str, table: &str, order: &str| {
            format!(
                "SELECT {columns}, t.place FROM {WANTED} CROSS JOIN {table} t
                 ON t.place = CAST(w.key AS INTEGER) AND t.tag = n.value ORDER BY {order}"
            )
        };
        let periods = of(&columns(seen::COLUMNS), "seen", "t.id");
        for (place, period) in rows::all(&connection, &periods, [&texts], |row| {
            Ok((row.get(9)?, seen::period(row)?))
        })? {
            let tag = known.entry((place, period.tag.clone())).or_default();
            tag.periods.push(period);
        }
        let records = of(
            &columns(imported::COLUMNS),
            "imported",
            "t.origin, t.number",
        );
        for (place, record) in rows::all(&connection, &records, [&texts], |row| {
            Ok((row.get(9)?, imported::record(row, 0)?))
        })? {
            let tag = known.entry((place, record.tag.clone())).or_default();
            tag.imported.push(record);
        }
        let moments = of(&columns(told::MOMENT), "told_moments", "t.began");
        for (place, moment) in rows::all(&connection, &moments, [&texts], |row| {
            Ok((row.get(4)?, told::moment(row)?))
        })? {
            // On a vendor's word alone nothing is known.
            if let Some(tag) = known.get_mut(&(place, moment.tag.clone())) {
                tag.moments.push(moment);
            }
        }
        let past_tags = of(&columns(past::COLUMNS), "past_tags", "t.began");
        for (place, one) in rows::all(&connection, &past_tags, [&texts], |row| {
            Ok((row.get(6)?, past::past_tag(row)?))
        })? {
            let tag = known.entry((place, one.tag.clone())).or_default();
            tag.past.push(one);
        }
        let columns = columns(tags::COLUMNS);
        // Two searches of the key; one with OR would read the whole list. A tag is ASCII, so DEL is behind every name.
        let names = format!(
            "SELECT {columns}, t.place, n.value FROM {WANTED} CROSS JOIN tags t
             ON t.place = CAST(w.key AS INTEGER) AND t.name = n.value
             UNION ALL SELECT {columns}, t.place, n.value FROM {WANTED} CROSS JOIN tags t
             ON t.place = CAST(w.key AS INTEGER) AND t.name >= ?2 || n.value || '.'
             AND t.name < ?2 || n.value || '.\u{7f}' AND t.name <> n.value"
        );
        for (of, tag) in rows::all(&connection, &names, (&texts, oci::PREFIX), |row| {
            Ok(((row.get(6)?, row.get(7)?), listed(row)?))
        })? {
            known.entry(of).or_default().listed.push(tag);
        }
        let places: HashMap<i64, &Place> =
            places.into_iter().map(|(place, id)| (id, place)).collect();
        let found = known.into_iter().filter_map(|((id, tag), mut known)| {
            known.listed.sort_by(|one, other| one.name.cmp(&other.name));
            Some((((*places.get(&id)?).clone(), tag), known))
        });
        Ok(found.collect())
    }

    /// Returns where each of these digests was ever seen, as `whereabouts` does.
    pub fn whereabouts_of<'a>(
        &self,
        digests: impl IntoIterator<Item = &'a Digest>,
    ) -> Result<HashMap<Digest, Vec<(Place, String)>>, Error> {
        let wanted: BTreeSet<&str> = digests.into_iter().map(Digest::as_str).collect();
        let mut places: HashMap<i64, Place> = HashMap::new();
        let found = rows::all(
            &self.lock(),
            "SELECT s.digest, s.place, p.host, p.repository, s.tag
             FROM json_each(?1) w CROSS JOIN seen s ON s.digest = w.value JOIN places p ON p.id = s.place
             GROUP BY w.key, s.place, s.tag ORDER BY w.key, min(s.ended_at IS NOT NULL), max(s.id) DESC",
            [serde_json::to_string(&wanted)?],
            |row| {
                let place: i64 = row.get(1)?;
                let place = match places.entry(place) {
                    Entry::Occupied(known) => known.get().clone(),
                    Entry::Vacant(new) => new.insert(rows::place(row, 2)?).clone(),
                };
                Ok((rows::digest(row, 0)?, (place, row.get(4)?)))
            },
        )?;
        let mut all: HashMap<Digest, Vec<(Place, String)>> = HashMap::new();
        for (digest, place) in found {
            all.entry(digest).or_default().push(place);
        }
        Ok(all)
    }
}

/// Returns the numbers of these places; those that nothing was ever written of are left out.
fn numbers<'a>(
    connection: &Connection,
    places: HashSet<&'a Place>,
) -> Result<HashMap<&'a Place, i64>, Error> {
    let places: Vec<&Place> = places.into_iter().collect();
    let texts: Vec<[&str; 2]> = places
        .iter()
        .map(|place| [place.host.as_str(), place.repository.as_str()])
        .collect();
    let found: Vec<(usize, i64)> = rows::all(
        connection,
        "SELECT w.key, p.id FROM json_each(?1) w CROSS JOIN places p
         ON p.host = json_extract(w.value, '$[0]') AND p.repository = json_extract(w.value, '$[1]')",
        [serde_json::to_string(&texts)?],
        |row| Ok((number(row, 0)?, row.get(1)?)),
    )?;
    let found = found.into_iter();
    Ok(found.map(|(at, id)| (places[at], id)).collect())
}

/// Says of each column that it is the table's.
fn columns(names: &str) -> String {
    let names = names.split(", ").map(|name| format!("t.{name}"));
    names.collect::<Vec<_>>().join(", ")
}

fn number(row: &Row<'_>, column: usize) -> Result<usize, Error> {
    let number: i64 = row.get(column)?;
    usize::try_from(number).map_err(|_| Error::Content("a number below zero".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{observed, place, place_at};

    #[test]
    fn tags_of_any_places_are_read_as_each_is_by_itself() {
        let store = Store::in_memory().unwrap();
        let other = place_at("other.example", "lab/tool");
        let digest_of = |text: i64| Digest::sha256_of(text.to_string().as_bytes());
        for (at, of, tag) in [
            (10, place(), "v1"),
            (20, place(), "v2"),
            (30, other.clone(), "v1"),
            (40, place(), "v1"),
        ] {
            store
                .observe(&of, &observed(tag, &digest_of(at), at))
                .unwrap();
        }
        let digest = digest_of(10);
        let commit_tag = "_h.v1.20261001T000000z-0123456789abcdef0123456789abcdef";
        let names = ["v1", "v1.2", commit_tag, "_h.v1.2.x"].map(str::to_owned);
        store.add_tags(&place(), 0, &names).unwrap();
        let nowhere = place_at("nowhere.example", "lab/tool");
        let wanted = [
            (&other, "v1"),
            (&nowhere, "v1"),
            (&place(), "v1"),
            (&place(), "v3"),
            (&place(), "v1.2"),
        ];
        let before = rows::queries();
        let known = store.known_tags(&HashSet::from(wanted)).unwrap();
        assert!(rows::queries() - before >= 4, "it is counted");
        for (place, tag) in wanted {
            let nothing = KnownTag::default();
            let known = known
                .get(&(place.clone(), tag.to_owned()))
                .unwrap_or(&nothing);
            assert_eq!(known.periods, store.periods(place, tag).unwrap(), "{tag}");
            let listed = store
                .tag_with_prefix(place, tag, &format!("{}{tag}.", oci::PREFIX))
                .unwrap();
            assert_eq!(known.listed, listed, "{tag}");
        }
        assert_eq!(known.len(), 3, "what nothing is known of is left out");
        let known = &known[&(place(), "v1".to_owned())];
        assert_eq!(known.periods.len(), 2);
        assert!(known.listed.iter().any(|tag| tag.name == commit_tag));

        let found = store.whereabouts_of([&digest, &digest]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[&digest], store.whereabouts(&digest).unwrap());
        assert!(store.whereabouts_of([]).unwrap().is_empty());
        assert!(store.known_tags(&HashSet::new()).unwrap().is_empty());
    }
}

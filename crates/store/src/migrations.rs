//! The schema, step by step. A step that was ever released is never edited: add one at the end.

use crate::Error;
use rusqlite::{Connection, TransactionBehavior};

/// The steps in order. Each runs in a transaction of its own, together with the note that it ran.
const STEPS: &[&str] = &[
    // 1: the main job
    "
    CREATE TABLE accounts(
        id INTEGER PRIMARY KEY AUTOINCREMENT, host TEXT NOT NULL, scheme TEXT NOT NULL, user TEXT,
        state TEXT NOT NULL, position INTEGER NOT NULL);
    CREATE TABLE places(
        id INTEGER PRIMARY KEY, host TEXT NOT NULL, repository TEXT NOT NULL, refreshed_at INTEGER,
        UNIQUE(host, repository));
    CREATE TABLE repositories(
        account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, name TEXT NOT NULL,
        PRIMARY KEY(account, name)) WITHOUT ROWID;
    CREATE TABLE repository_lists(
        account INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE, refreshed_at INTEGER NOT NULL);
    CREATE TABLE tags(
        place INTEGER NOT NULL REFERENCES places(id), name TEXT NOT NULL, position INTEGER NOT NULL,
        digest TEXT, asked INTEGER NOT NULL DEFAULT 0, trouble TEXT, deleted_at INTEGER,
        PRIMARY KEY(place, name)) WITHOUT ROWID;
    CREATE TABLE seen(
        id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL,
        digest TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
        exact INTEGER NOT NULL, changed INTEGER NOT NULL, ended_at INTEGER);
    CREATE INDEX seen_by_tag ON seen(place, tag, id);
    CREATE INDEX seen_by_digest ON seen(digest);
    CREATE TABLE reach(
        place INTEGER NOT NULL REFERENCES places(id), digest TEXT NOT NULL, asked_at INTEGER NOT NULL,
        gone_since INTEGER, PRIMARY KEY(place, digest)) WITHOUT ROWID;
    CREATE TABLE keep(
        place INTEGER PRIMARY KEY REFERENCES places(id), rule TEXT NOT NULL);
    CREATE TABLE manifests(digest TEXT PRIMARY KEY, media_type TEXT NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE configs(digest TEXT PRIMARY KEY, bytes BLOB NOT NULL);
    CREATE TABLE facts(
        digest TEXT PRIMARY KEY, size INTEGER, platforms TEXT NOT NULL, created INTEGER, images TEXT NOT NULL);
    CREATE TABLE tasks(
        id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, work TEXT NOT NULL, view TEXT NOT NULL);
    CREATE TABLE preferences(key TEXT PRIMARY KEY, value TEXT NOT NULL);
    ",
    // 2: the timeline on any registry: who did it, what others saw, what a repository says of itself, how it
    // keeps, what is watched and what moved, what can be undone
    "
    ALTER TABLE seen ADD COLUMN who TEXT;
    CREATE TABLE imported(
        place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL, digest TEXT NOT NULL,
        first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, exact INTEGER NOT NULL, ended_at INTEGER,
        who TEXT, origin TEXT NOT NULL, number INTEGER NOT NULL,
        PRIMARY KEY(place, tag, origin, number)) WITHOUT ROWID;
    CREATE TABLE about(
        place INTEGER PRIMARY KEY REFERENCES places(id), digest TEXT, title TEXT, description TEXT, authors TEXT,
        created INTEGER, keep TEXT, keep_rule TEXT, rescue INTEGER NOT NULL DEFAULT 0, asked_at INTEGER NOT NULL);
    ALTER TABLE keep ADD COLUMN prune TEXT;
    ALTER TABLE keep ADD COLUMN rescue INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE watches(
        place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL, account INTEGER NOT NULL,
        since INTEGER NOT NULL, PRIMARY KEY(place, tag)) WITHOUT ROWID;
    CREATE TABLE rounds(
        place INTEGER PRIMARY KEY REFERENCES places(id), asked_at INTEGER, next_at INTEGER NOT NULL, trouble TEXT);
    CREATE TABLE moves(
        id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL,
        old TEXT NOT NULL, new TEXT, at INTEGER NOT NULL, looked_at INTEGER, answered TEXT, told INTEGER NOT NULL
        DEFAULT 0, rescue INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX moves_by_place ON moves(place, tag, id);
    CREATE TABLE undo(
        id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, place INTEGER NOT NULL
        REFERENCES places(id), at INTEGER NOT NULL, content TEXT NOT NULL);
    ",
    // 3: long work of every kind, and which run of the app does it
    "
    ALTER TABLE tasks ADD COLUMN kind TEXT NOT NULL DEFAULT '';
    ALTER TABLE tasks ADD COLUMN run INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE runs(id INTEGER PRIMARY KEY AUTOINCREMENT, started_at INTEGER NOT NULL);
    ",
    // what was answered on this computer to the rule that a repository says it has
    "
    CREATE TABLE rule_answers(
        place INTEGER PRIMARY KEY REFERENCES places(id), rule TEXT NOT NULL, answer TEXT NOT NULL,
        at INTEGER NOT NULL);
    ",
    // what is to be known of a list: why it may lack something
    "
    ALTER TABLE places ADD COLUMN list_note TEXT;
    CREATE TABLE repository_notes(
        account INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE, note TEXT NOT NULL);
    CREATE INDEX tags_by_position ON tags(place, position, name);
    ",
    // the ways a sign-in may go
    "
    ALTER TABLE accounts ADD COLUMN ways TEXT;
    ",
    // when the registry last showed what a tag points at; why a displaced commit could not be kept
    "
    ALTER TABLE tags ADD COLUMN shown_at INTEGER;
    ALTER TABLE moves ADD COLUMN trouble TEXT;
    ",
    // platforms are bounded, and read by their grammar
    "
    ALTER TABLE facts ADD COLUMN more_platforms INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE facts ADD COLUMN is_old INTEGER NOT NULL DEFAULT 0;
    ",
    // deletions that a registry has accepted and not done yet; an index that lacks a platform
    "
    CREATE TABLE deletions(
        place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL, digest TEXT NOT NULL,
        asked_at INTEGER NOT NULL, PRIMARY KEY(place, tag)) WITHOUT ROWID;
    ALTER TABLE reach ADD COLUMN lacks INTEGER NOT NULL DEFAULT 0;
    ",
    // which names in an engine are ours, and what was pushed and pulled as what
    "
    CREATE TABLE local_names(
        place INTEGER NOT NULL REFERENCES places(id), engine TEXT NOT NULL, tag TEXT NOT NULL, image TEXT NOT NULL,
        lent INTEGER NOT NULL, before TEXT, was_ours INTEGER NOT NULL,
        PRIMARY KEY(place, engine, tag)) WITHOUT ROWID;
    CREATE TABLE carried(
        id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL,
        image TEXT NOT NULL, name TEXT, pushed INTEGER NOT NULL, at INTEGER NOT NULL, UNIQUE(place, tag, image));
    ",
    // names are found by what they begin with: repositories by the last part of theirs, tags wherever they are
    "
    CREATE INDEX repositories_by_last ON repositories(
        substr(name, length(rtrim(name, replace(name, '/', ''))) + 1) COLLATE NOCASE);
    CREATE INDEX tags_by_name ON tags(name COLLATE NOCASE);
    ",
    // what was learnt of an account's registry
    "
    ALTER TABLE accounts ADD COLUMN learned TEXT;
    ",
    // that a window has told of a task that was interrupted
    "
    ALTER TABLE tasks ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
    ",
    // the tags that stood on top of a list
    "
    CREATE TABLE tops(place INTEGER PRIMARY KEY REFERENCES places(id) ON DELETE CASCADE, top TEXT NOT NULL);
    ",
    // facts are found by the images that an engine knows them by
    "
    CREATE TABLE facts_images(
        image TEXT NOT NULL, digest TEXT NOT NULL REFERENCES facts(digest) ON DELETE CASCADE,
        PRIMARY KEY(image, digest)) WITHOUT ROWID;
    CREATE INDEX facts_images_by_digest ON facts_images(digest);
    INSERT OR IGNORE INTO facts_images(image, digest)
        SELECT image.value, facts.digest FROM facts, json_each(facts.images) AS image;
    ",
    // where another program keeps an account's sign-in
    "
    ALTER TABLE accounts ADD COLUMN source TEXT;
    ",
    // which programs of this computer were signed in along with an account, as the app writes it; and secrets that are still
    // in a keychain that could not be reached when their account went
    "
    ALTER TABLE accounts ADD COLUMN programs TEXT;
    CREATE TABLE left_secrets(host TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY(host, user)) WITHOUT ROWID;
    ",
    // repositories that a registry didn't list, and where each is known from
    "
    CREATE TABLE named_repositories(
        account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, name TEXT NOT NULL, why TEXT NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY(account, name)) WITHOUT ROWID;
    ",
    // what an account has of its own to reach its registry
    "
    ALTER TABLE accounts ADD COLUMN connection TEXT;
    ",
    // Accounts that are for a part of their registry.
    "ALTER TABLE accounts ADD COLUMN namespace TEXT;",
    // the vendor that a person chose for an account's registry; what vendors' own interfaces told
    "
    ALTER TABLE accounts ADD COLUMN vendor TEXT;
    CREATE TABLE told_repositories(
        account INTEGER NOT NULL REFERENCES accounts(id) ON DELETE CASCADE, name TEXT NOT NULL, id TEXT,
        description TEXT, created INTEGER, created_by TEXT, updated INTEGER, tags INTEGER, private INTEGER,
        at INTEGER NOT NULL, PRIMARY KEY(account, name)) WITHOUT ROWID;
    CREATE TABLE told_tags(
        place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,
        platform TEXT NOT NULL, pushed INTEGER, exact INTEGER NOT NULL, who TEXT, at INTEGER NOT NULL,
        PRIMARY KEY(place, tag)) WITHOUT ROWID;
    CREATE TABLE told_moments(
        place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL, digest TEXT NOT NULL, began INTEGER NOT NULL,
        who TEXT, at INTEGER NOT NULL, PRIMARY KEY(place, tag, digest, began)) WITHOUT ROWID;
    CREATE INDEX told_moments_by_time ON told_moments(place, began);
    ",
    // what a vendor's own history told: of tags, and of commits without one
    "
    CREATE TABLE past_tags(
        place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL, digest TEXT NOT NULL, began INTEGER NOT NULL,
        ended INTEGER, who TEXT, restorable_until INTEGER, at INTEGER NOT NULL,
        PRIMARY KEY(place, tag, digest, began)) WITHOUT ROWID;
    CREATE INDEX past_tags_by_time ON past_tags(place, began);
    CREATE INDEX past_tags_by_digest ON past_tags(place, digest);
    CREATE TABLE past_walks(
        place INTEGER NOT NULL REFERENCES places(id), tag TEXT NOT NULL, PRIMARY KEY(place, tag)) WITHOUT ROWID;
    CREATE TABLE untagged(
        place INTEGER NOT NULL REFERENCES places(id), digest TEXT NOT NULL, pushed INTEGER NOT NULL, size INTEGER,
        platform TEXT, who TEXT, at INTEGER NOT NULL, PRIMARY KEY(place, digest)) WITHOUT ROWID;
    ",
    // the vendor's own command, which a person let run for an account, and the organisation whose repositories it tells
    "
    CREATE TABLE own_commands(account INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE, organisation TEXT);
    ",
    // registries that were started on this computer, and how each is run
    "
    CREATE TABLE hosted(id TEXT PRIMARY KEY, host TEXT NOT NULL UNIQUE, how TEXT NOT NULL) WITHOUT ROWID;
    ",
    // second sign-ins, for vendors' own interfaces; their secrets lie elsewhere
    "
    CREATE TABLE second_sign_ins(
        account INTEGER PRIMARY KEY REFERENCES accounts(id) ON DELETE CASCADE, vendor TEXT NOT NULL, user TEXT,
        place TEXT NOT NULL, key_host TEXT NOT NULL, key_user TEXT NOT NULL, refused INTEGER NOT NULL);
    ",
    // when the past was walked to what was known of it; it is walked once more where that wasn't noted
    "
    ALTER TABLE past_walks ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
    ",
];

/// Runs the steps that the file lacks. A file of a later version is refused and left alone.
pub(crate) fn run(connection: &mut Connection) -> Result<(), Error> {
    let known = u32::try_from(STEPS.len()).unwrap_or(u32::MAX);
    let version = |connection: &Connection| -> Result<u32, Error> {
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
    };
    // Looked at before anything is locked: most files lack nothing.
    let mut found = version(connection)?;
    while found < known {
        // Two programs may start at once: who comes second finds the step done.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        found = version(&transaction)?;
        if let Some(step) = STEPS.get(found as usize) {
            transaction.execute_batch(step)?;
            found += 1;
            transaction.pragma_update(None, "user_version", found)?;
        }
        transaction.commit()?;
    }
    if found > known {
        return Err(Error::Newer { found, known });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Account, Store};

    #[test]
    fn running_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        run(&mut connection).unwrap();
        let version: u32 = connection
            .pragma_query_value(None, "user_version", |r| r.get(0))
            .unwrap();
        assert_eq!(version as usize, STEPS.len());
    }

    #[test]
    fn a_later_schema_is_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(
            run(&mut connection),
            Err(Error::Newer { found: 99, .. })
        ));
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", (), |r| r.get(0))
            .unwrap();
        assert_eq!(tables, 0);
    }

    /// A database as it was before the step that holds this.
    fn before(step: &str) -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        let until = STEPS.iter().position(|each| each.contains(step)).unwrap();
        for step in &STEPS[..until] {
            connection.execute_batch(step).unwrap();
        }
        let until = u32::try_from(until).unwrap();
        connection
            .pragma_update(None, "user_version", until)
            .unwrap();
        connection
    }

    #[test]
    fn facts_of_before_are_found_by_their_images() {
        let connection = before("facts_images");
        let digest = oci::Digest::sha256_of(b"manifest");
        connection
            .execute(
                "INSERT INTO facts(digest, platforms, images) VALUES (?1, '[]', '[\"i\",\"j\",\"i\"]')",
                [digest.as_str()],
            )
            .unwrap();
        let store = Store::ready(connection).unwrap();
        let found = store.digests_of_images(["i", "k"]).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found["i"], [digest]);
    }

    #[test]
    fn a_task_of_the_second_step_is_there_after_the_third() {
        let connection = Connection::open_in_memory().unwrap();
        for step in &STEPS[..2] {
            connection.execute_batch(step).unwrap();
        }
        connection.pragma_update(None, "user_version", 2).unwrap();
        connection
            .execute(
                "INSERT INTO tasks(id, state, work, view) VALUES (7, 'running', '{\"push\":1}', 'shown')",
                (),
            )
            .unwrap();
        let store = Store::ready(connection).unwrap();
        let old = crate::StoredTask {
            id: 7,
            state: "running".into(),
            work: "{\"push\":1}".into(),
            view: "shown".into(),
            run: 0,
            told: false,
        };
        assert_eq!(store.tasks().unwrap(), std::slice::from_ref(&old));
        let kind: String = store
            .lock()
            .query_row("SELECT kind FROM tasks WHERE id = 7", (), |row| row.get(0))
            .unwrap();
        assert_eq!(kind, "");
        // What comes after it gets a run, which is never the 0 of those before, and another number.
        let run = store.add_run(10).unwrap();
        assert!(run > 0);
        assert!(store.add_task("push", run, "{}").unwrap() > 7);
        assert_eq!(store.task(7).unwrap(), Some(old));
    }

    #[test]
    fn accounts_of_before_are_kept_and_have_their_sign_in_nowhere_else() {
        let connection = before("COLUMN source");
        connection
            .execute_batch(
                "INSERT INTO accounts(id, host, scheme, user, state, position, ways, learned) VALUES
                    (3, 'lab.example:5000', 'http', 'ana', 'keychain', 1, 'basic', '{}'),
                    (4, 'hub.example', 'https', NULL, 'anonymous', 2, NULL, NULL)",
            )
            .unwrap();
        let store = Store::ready(connection).unwrap();
        let account = |id, host: &str, scheme: &str, user: Option<&str>, state: &str| Account {
            id,
            host: oci::Host::parse(host).unwrap(),
            scheme: scheme.into(),
            user: user.map(str::to_owned),
            state: state.into(),
            ways: user.map(|_| "basic".to_owned()),
            source: None,
            connection: None,
            namespace: None,
        };
        let ana = account(3, "lab.example:5000", "http", Some("ana"), "keychain");
        let anyone = account(4, "hub.example", "https", None, "anonymous");
        assert_eq!(store.accounts().unwrap(), [ana, anyone]);
    }
}

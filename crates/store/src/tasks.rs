//! Tasks: long work, stored so that a restarted app finds it again. What a task is made of is the app's (JSON).

use crate::{Error, Store, rows};
use rusqlite::{Connection, Row};

/// A stored task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTask {
    /// Never reused.
    pub id: i64,
    /// `waiting`, `running`, `done`, `failed`, `cancelled` or `interrupted`.
    pub state: String,
    /// What was ordered (JSON), so that it can be repeated. It holds nothing secret.
    pub work: String,
    /// How it stands, in the app's form, which holds no sentence.
    pub view: String,
    /// The run of the app that owns it; 0 where an earlier version stored it without one.
    pub run: i64,
    /// True once a window has told that it was interrupted.
    pub told: bool,
}

impl Store {
    /// Stores a run of the app that began at `started_at` (seconds, UTC). Returns its number, which is never used
    /// again.
    pub fn add_run(&self, started_at: i64) -> Result<i64, Error> {
        let connection = self.lock();
        connection.execute("INSERT INTO runs(started_at) VALUES (?1)", [started_at])?;
        Ok(connection.last_insert_rowid())
    }

    /// Stores a task that waits, and returns its id.
    pub fn add_task(&self, kind: &str, run: i64, work: &str) -> Result<i64, Error> {
        let connection = self.lock();
        connection.execute(
            "INSERT INTO tasks(state, work, view, kind, run) VALUES ('waiting', ?1, '', ?2, ?3)",
            (work, kind, run),
        )?;
        Ok(connection.last_insert_rowid())
    }

    /// Stores how a task stands now.
    pub fn update_task(&self, id: i64, state: &str, view: &str) -> Result<(), Error> {
        self.lock().execute(
            "UPDATE tasks SET state = ?2, view = ?3 WHERE id = ?1",
            (id, state, view),
        )?;
        Ok(())
    }

    /// Returns one task.
    pub fn task(&self, id: i64) -> Result<Option<StoredTask>, Error> {
        rows::first(
            &self.lock(),
            "SELECT id, state, work, view, run, told FROM tasks WHERE id = ?1",
            [id],
            stored,
        )
    }

    /// Returns all tasks, newest first.
    pub fn tasks(&self) -> Result<Vec<StoredTask>, Error> {
        all(&self.lock())
    }

    /// Deletes the oldest of the tasks that have ended, beyond so many.
    pub fn bound_ended_tasks(&self, most: u32) -> Result<(), Error> {
        self.lock().execute(
            "DELETE FROM tasks WHERE id IN (
                 SELECT id FROM tasks WHERE state NOT IN ('waiting', 'running')
                 ORDER BY id DESC LIMIT -1 OFFSET ?1)",
            [most],
        )?;
        Ok(())
    }

    /// Notes that a window has told of these tasks.
    pub fn note_told<'a>(&self, ids: impl IntoIterator<Item = &'a i64>) -> Result<(), Error> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        for id in ids {
            transaction.execute("UPDATE tasks SET told = 1 WHERE id = ?1", [id])?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Deletes the tasks that were done, cancelled or interrupted.
    pub fn remove_finished_tasks(&self) -> Result<(), Error> {
        self.lock().execute(
            "DELETE FROM tasks WHERE state IN ('done', 'cancelled', 'interrupted')",
            (),
        )?;
        Ok(())
    }

    /// Deletes a task.
    pub fn remove_task(&self, id: i64) -> Result<(), Error> {
        self.lock()
            .execute("DELETE FROM tasks WHERE id = ?1", [id])?;
        Ok(())
    }
}

/// Returns all tasks, newest first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<StoredTask>, Error> {
    rows::all(
        connection,
        "SELECT id, state, work, view, run, told FROM tasks ORDER BY id DESC",
        (),
        stored,
    )
}

fn stored(row: &Row<'_>) -> Result<StoredTask, Error> {
    Ok(StoredTask {
        id: row.get(0)?,
        state: row.get(1)?,
        work: row.get(2)?,
        view: row.get(3)?,
        run: row.get(4)?,
        told: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_run_is_never_used_again() {
        let store = Store::in_memory().unwrap();
        let first = store.add_run(10).unwrap();
        let second = store.add_run(10).unwrap();
        assert!(second > first, "also where both begin in one second");
        store.lock().execute("DELETE FROM runs", ()).unwrap();
        assert!(store.add_run(20).unwrap() > second);
    }

    #[test]
    fn of_what_has_ended_the_newest_stay_and_what_runs_is_let_alone() {
        let store = Store::in_memory().unwrap();
        let run = store.add_run(10).unwrap();
        let states = [
            "running",
            "done",
            "failed",
            "waiting",
            "cancelled",
            "done",
            "interrupted",
        ];
        let ids: Vec<i64> = states
            .iter()
            .map(|state| {
                let id = store.add_task("push", run, "{}").unwrap();
                store.update_task(id, state, "shown").unwrap();
                id
            })
            .collect();
        let left = || -> Vec<i64> {
            let tasks = store.tasks().unwrap();
            tasks.into_iter().rev().map(|task| task.id).collect()
        };
        store.bound_ended_tasks(5).unwrap();
        assert_eq!(left(), ids);
        store.bound_ended_tasks(3).unwrap();
        assert_eq!(left(), [ids[0], ids[3], ids[4], ids[5], ids[6]]);
        store.remove_finished_tasks().unwrap();
        assert_eq!(left(), [ids[0], ids[3]]);
        store.bound_ended_tasks(0).unwrap();
        assert_eq!(left(), [ids[0], ids[3]]);
    }

    #[test]
    fn a_task_keeps_its_kind_and_its_run_while_it_changes() {
        let store = Store::in_memory().unwrap();
        let run = store.add_run(10).unwrap();
        let push = store.add_task("push", run, "{}").unwrap();
        let delete = store.add_task("delete", run + 1, "[]").unwrap();
        store.update_task(push, "done", "shown").unwrap();
        let kept = StoredTask {
            id: push,
            state: "done".into(),
            work: "{}".into(),
            view: "shown".into(),
            run,
            told: false,
        };
        assert_eq!(store.task(push).unwrap(), Some(kept.clone()));
        let all = store.tasks().unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].id, all[0].run), (delete, run + 1), "newest first");
        assert_eq!((&*all[0].state, &*all[0].view), ("waiting", ""));
        assert_eq!(all[1], kept);
        // The kind is for whoever looks into the file; nothing reads it back.
        let kinds: Vec<String> = rows::all(
            &store.lock(),
            "SELECT kind FROM tasks ORDER BY id",
            (),
            |row| Ok(row.get(0)?),
        )
        .unwrap();
        assert_eq!(kinds, ["push", "delete"]);
        store.note_told(&[push, 99]).unwrap();
        let told = |id| store.task(id).unwrap().unwrap().told;
        assert_eq!((told(push), told(delete)), (true, false));
        store.update_task(push, "interrupted", "shown").unwrap();
        assert!(told(push), "once is enough");
        store.remove_task(push).unwrap();
        assert_eq!(store.task(push).unwrap(), None);
    }
}

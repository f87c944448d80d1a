//! Paths as people type them. Grows by another way to write one.

use std::path::PathBuf;

/// Returns the whole path of what was typed; none where it has none.
pub(crate) fn whole_path(typed: &str) -> Option<PathBuf> {
    let typed = typed.trim();
    let path = match typed.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => {
            let home = std::env::home_dir()?;
            home.join(rest.trim_start_matches(['/', '\\']))
        }
        _ => PathBuf::from(typed),
    };
    path.is_absolute().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_path_is_whole_or_begins_at_home() {
        let home = std::env::home_dir().unwrap();
        assert_eq!(whole_path(" ~/x "), Some(home.join("x")));
        assert_eq!(whole_path("~"), Some(home));
        for none in ["x/y", "", "~me"] {
            assert_eq!(whole_path(none), None, "{none}");
        }
    }
}

//! Which file of a crate names which other file of it, and whether that goes in a circle.
//!
//! It reads text, not types: paths that begin with `crate`, `super`, `self` or the name of a child module, in `use` trees and in the
//! middle of code. What stands under `#[cfg(test)]` is left out, and a `mod x;` is no import. Not here: other crates (cargo keeps
//! those apart), method calls, and what macros make. It may grow with the spellings that the crates of the house use.

mod paths;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use paths::Item;

/// Each file of a crate with the files of the same crate that it names. All paths begin at the crate's `src` folder.
pub type Graph = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// Where a module is: its name from the crate's root down, as `["auth", "token"]`.
type Module = Vec<String>;

/// Reads a crate's `src` folder, from its `lib.rs` (else its `main.rs`) down.
pub fn read(src: &Path) -> Result<Graph> {
    let root = ["lib.rs", "main.rs"]
        .into_iter()
        .find(|name| src.join(name).is_file())
        .with_context(|| format!("no lib.rs and no main.rs in {}", src.display()))?;
    let mut modules: BTreeMap<Module, PathBuf> = BTreeMap::new();
    let mut named: Vec<(Module, PathBuf, Vec<String>)> = Vec::new();
    let mut waiting = vec![(Module::new(), PathBuf::from(root))];
    while let Some((module, file)) = waiting.pop() {
        let text = fs::read_to_string(src.join(&file))
            .with_context(|| format!("reading {}", file.display()))?;
        modules.insert(module.clone(), file.clone());
        for item in paths::read(&tokens::read(&text)) {
            match item {
                Item::Inline(inner) => {
                    modules.insert(below(&module, &inner), file.clone());
                }
                Item::File(inner) => {
                    let found = file_of(src, &file, &inner)?;
                    waiting.push((below(&module, &inner), found));
                }
                Item::Path(inner, path) => named.push((below(&module, &inner), file.clone(), path)),
            }
        }
    }
    let mut graph: Graph = modules
        .values()
        .map(|file| (file.clone(), BTreeSet::new()))
        .collect();
    for (from, file, path) in named {
        if let Some(to) = resolve(&modules, &from, &path)
            && *to != file
        {
            graph.entry(file).or_default().insert(to.clone());
        }
    }
    Ok(graph)
}

/// Finds the shortest circle: each file names the next, and the last names the first. `None` where there is none.
pub fn find_circle(graph: &Graph) -> Option<Vec<PathBuf>> {
    let circles = graph.keys().filter_map(|start| way_back(graph, start));
    circles.min_by_key(Vec::len)
}

/// Finds the shortest way from a file back to itself.
fn way_back(graph: &Graph, start: &Path) -> Option<Vec<PathBuf>> {
    let mut came_from: BTreeMap<&Path, &Path> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front() {
        for next in graph.get(file).into_iter().flatten() {
            if next == start {
                let mut way = vec![file.to_owned()];
                let mut at = file;
                while let Some(before) = came_from.get(at).filter(|_| at != start) {
                    at = before;
                    way.push(at.to_owned());
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(next.as_path()) {
                came_from.insert(next, file);
                waiting.push_back(next);
            }
        }
    }
    None
}

fn below(module: &Module, inner: &[String]) -> Module {
    module.iter().chain(inner).cloned().collect()
}

/// Finds the file of a `mod x;` that stands in this file, `inner` being the inline modules around it and its own name.
fn file_of(src: &Path, declared_in: &Path, inner: &[String]) -> Result<PathBuf> {
    let folder = declared_in.parent().unwrap_or(Path::new(""));
    let stem = declared_in
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    let mut at = match stem {
        "lib" | "main" | "mod" => folder.to_owned(),
        _ => folder.join(stem),
    };
    at.extend(inner);
    for found in [at.with_extension("rs"), at.join("mod.rs")] {
        if src.join(&found).is_file() {
            return Ok(found);
        }
    }
    bail!(
        "{} declares {}, which has no file",
        declared_in.display(),
        inner.join("::")
    )
}

/// Finds the file that defines the deepest module a path goes through. `None` where the path leads out of the crate.
fn resolve<'a>(
    modules: &'a BTreeMap<Module, PathBuf>,
    from: &Module,
    path: &[String],
) -> Option<&'a PathBuf> {
    let (first, mut rest) = path.split_first()?;
    let mut at = match first.as_str() {
        "crate" => Module::new(),
        "self" => from.clone(),
        "super" => {
            let mut at = from.clone();
            at.pop()?;
            while let Some(("super", further)) = rest
                .split_first()
                .map(|(next, further)| (next.as_str(), further))
            {
                at.pop()?;
                rest = further;
            }
            at
        }
        child => {
            let at = below(from, &[child.to_owned()]);
            modules.contains_key(&at).then_some(at)?
        }
    };
    for segment in rest {
        let next = below(&at, std::slice::from_ref(segment));
        if !modules.contains_key(&next) {
            break;
        }
        at = next;
    }
    modules.get(&at)
}

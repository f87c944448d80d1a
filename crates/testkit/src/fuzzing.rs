//! The texts that the fuzz targets begin with. The crates' own tests run the targets' doors over them.

use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::Path;

/// Reads the texts of a target (`fuzz/seeds`); none at all is an error.
pub fn seeds(target: &str) -> Result<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/seeds")
        .join(target);
    let mut texts = Vec::new();
    for file in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        texts.push(fs::read_to_string(file?.path())?);
    }
    ensure!(!texts.is_empty(), "{target} begins with nothing");
    Ok(texts)
}

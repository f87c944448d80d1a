//! Registries that are started on this computer.

use super::accounts::Keep;
use super::problem::{Code, Problem};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the sheet shows before a registry is started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostingPlan {
    /// What may run it, the likeliest first; empty: nothing here can.
    pub ways: Vec<HostingWay>,
    /// What stands in the way of others, and what to do.
    pub problems: Vec<Problem>,
    /// A folder for its data that is not there yet.
    pub folder: String,
    /// A port of this computer that is free.
    pub port: u16,
}

/// What may run a registry on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostingWay {
    /// What is handed back where it is chosen.
    pub id: String,
    /// What kind of thing it is.
    pub by: HostingBy,
    /// "Docker 20.10.24", "docker-registry 2.8.2".
    pub name: String,
    /// The engine's images of registries, the best first; the first may have to be downloaded.
    pub images: Vec<HostingImage>,
    /// What a person should know before choosing it, a sentence each.
    pub notes: Vec<String>,
}

/// An image of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostingImage {
    /// Its name, as the engine is asked for it.
    pub name: String,
    /// Where it is downloaded from first; absent where the engine has it.
    pub from: Option<String>,
}

/// What runs a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HostingBy {
    /// A container of the engine.
    Engine,
    /// A program of this computer.
    Program,
}

/// A folder that was typed for a registry's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostingFolder {
    /// What a person should know of it: a registry's data is in it already, say.
    pub note: Option<String>,
    /// Why it can't be used.
    pub problem: Option<Problem>,
}

/// A registry to be started. User and secret both empty: it lets everyone on this computer in.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HostingOrder {
    /// What runs it, by its id.
    pub way: String,
    /// The engine's image; absent for a program.
    pub image: Option<String>,
    /// The folder of its data.
    pub folder: String,
    /// The port, of 127.0.0.1 alone.
    pub port: u16,
    /// May be empty.
    pub user: String,
    /// May be empty.
    #[ts(type = "string")]
    pub secret: SecretString,
    /// Where the secret is kept.
    pub keep: Keep,
}

/// A registry that was started on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostedView {
    /// What it is known by.
    pub id: String,
    /// `127.0.0.1:port`, as its accounts have it.
    pub host: String,
    /// What runs it.
    pub by: HostingBy,
    /// The image, or the program.
    pub name: String,
    /// The folder of its data.
    pub folder: String,
    /// How it stands.
    pub state: HostedState,
    /// Why it doesn't run although nobody stopped it here, with its last lines; or why that isn't known.
    pub problem: Option<Problem>,
}

/// How a registry of this computer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HostedState {
    /// It runs.
    Running,
    /// It doesn't.
    Stopped,
    /// Its engine doesn't answer.
    Unknown,
}

/// What taking a registry of this computer away would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnhostPlan {
    /// The folder of its data, which stays unless the person says otherwise.
    pub folder: String,
    /// How much data there is (bytes).
    #[ts(type = "number")]
    pub bytes: u64,
    /// True where there is more than could be counted.
    pub more: bool,
}

/// Taking a registry of this computer away.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnhostOrder {
    /// Which one.
    pub id: String,
    /// Its data goes too.
    pub data: bool,
    /// The problems that a person said yes to, as of a keychain that can't be asked.
    pub anyway: Vec<Code>,
}

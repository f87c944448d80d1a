//! Registries of vendors with interfaces of their own, each played by a strict stand-in.

mod harbor;

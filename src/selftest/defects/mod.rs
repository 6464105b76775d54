//! The defects, one file per area.

mod auth;

use super::Defect;

pub(super) static AREAS: &[&[Defect]] = &[auth::DEFECTS];

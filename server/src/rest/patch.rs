//! What bodies of merge patches (RFC 7386) share.

use serde::{Deserialize, Deserializer};

/// Tells null from absent: with `default`, a field that is absent is `None`, and one that is null
/// is `Some(None)`.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

//! What happens to every request before and after its handler: one file each.

pub(crate) mod framing;
pub(crate) mod gate;
pub(crate) mod headers;
pub(crate) mod measure;
pub(crate) mod request_context;

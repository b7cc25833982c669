//! Where the log goes: to stderr, as text on a terminal and as JSON elsewhere.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts logging with a filter such as `info` or `info,sqlx=debug`. A filter that does not parse
/// is reported and replaced by `info`.
pub(crate) fn start(filter: &str) {
    let parsed = EnvFilter::try_new(filter);
    let refused = parsed.is_err();
    let filter_in_force = parsed.unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter_in_force)
        .with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() {
        builder.with_target(false).compact().try_init()
    } else {
        builder.json().flatten_event(true).try_init()
    };
    if started.is_ok() && refused {
        tracing::warn!("the log filter {filter:?} is not understood; logging at `info`");
    }
}

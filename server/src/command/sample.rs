//! `crowfoot sample`

use crate::command::{CommandError, say, with_catalog};
use crate::config::Config;
use contract::catalog::Catalog as _;
use model::address::database_address;

/// Creates the sample, or finds the one that is there.
pub(crate) async fn run(config: &Config) -> Result<(), CommandError> {
    let summary = with_catalog(config, async |services, ctx| {
        Ok(services.sample_create(&ctx).await?)
    })
    .await?;
    say(format_args!(
        "{}  {}",
        summary.id,
        database_address(&summary.id)
    ));
    say(format_args!(
        "{}: {} tables, {} views, {} columns, {} foreign keys",
        summary.name,
        summary.counts.tables,
        summary.counts.views,
        summary.counts.columns,
        summary.counts.foreign_keys
    ));
    Ok(())
}

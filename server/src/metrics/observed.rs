//! What is looked up when somebody asks, rather than counted on the way.

use super::process;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use service::tally::{Reading, Tally};
use std::fmt;
use std::sync::Arc;
use store::Store;

/// The store's connections, the readings of databases, and the process.
#[derive(Debug)]
pub(super) struct Observed {
    pub(super) store: Store,
    pub(super) tally: Arc<Tally>,
}

impl Collector for Observed {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let pool = self.store.pool_state();
        gauge(
            &mut encoder,
            "crowfoot_store_connections_max",
            "Connections to the catalog's database that there may be",
            pool.max.into(),
        )?;
        gauge(
            &mut encoder,
            "crowfoot_store_connections",
            "Connections to the catalog's database",
            pool.size.into(),
        )?;
        gauge(
            &mut encoder,
            "crowfoot_store_connections_idle",
            "Those of them that nobody uses",
            pool.idle as u64,
        )?;
        let mut readings = encoder.encode_descriptor(
            "crowfoot_database_readings",
            "Structures read into the catalog, by kind and outcome",
            None,
            MetricType::Counter,
        )?;
        for reading in Reading::ALL {
            for (outcome, count) in [
                ("done", self.tally.done(reading)),
                ("failed", self.tally.failed(reading)),
            ] {
                let labels = [("kind", reading.as_str()), ("outcome", outcome)];
                ConstCounter::new(count).encode(readings.encode_family(&labels)?)?;
            }
        }
        for (name, help, value) in process::gauges() {
            gauge(&mut encoder, name, help, value)?;
        }
        Ok(())
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder,
    name: &'static str,
    help: &'static str,
    value: u64,
) -> fmt::Result {
    let value = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
    let metric = encoder.encode_descriptor(name, help, None, value.metric_type())?;
    value.encode(metric)
}

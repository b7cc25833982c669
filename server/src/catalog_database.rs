//! The PostgreSQL that keeps the catalog: a given one, or our own.

use crate::config::Config;
use cluster::{Cluster, ClusterConfig, ClusterError};
use contract::account::Secret;
use store::{Store, StoreError, StoreOptions};

/// The catalog's database, open and migrated.
pub(crate) struct CatalogDatabase {
    /// The pool.
    pub(crate) store: Store,
    /// Where it is, with password.
    pub(crate) url: Secret,
    /// Our own cluster, where we started it. Dropping it stops it.
    cluster: Option<Cluster>,
}

/// The catalog's database cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// Our own cluster does not start.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// It does not answer, is too old, or the migrations fail.
    #[error("{}: {source}", if *.given { "the PostgreSQL of DATABASE_URL cannot be used" } else { "the catalog's database cannot be used" })]
    Store {
        /// Whether it was given by `DATABASE_URL`.
        given: bool,
        /// Why.
        source: StoreError,
    },
    /// The task that started the cluster was lost.
    #[error("starting PostgreSQL was interrupted")]
    Interrupted,
}

/// Whether a command may share the cluster that a running server has started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// It must be the only one: the server.
    Alone,
    /// It may join: the command line.
    Join,
}

impl CatalogDatabase {
    /// Connects, starting our own cluster where no other database is configured, and applies the
    /// migrations that are missing.
    pub(crate) async fn open(config: &Config, sharing: Sharing) -> Result<Self, OpenError> {
        let given = config.database_url.is_some();
        let (url, cluster) = match &config.database_url {
            Some(url) => (url.clone(), None),
            None => start_cluster(config, sharing).await?,
        };
        let store = match Store::connect(url.reveal(), StoreOptions::default()).await {
            Ok(store) => store,
            Err(source) => {
                stop(cluster).await;
                return Err(OpenError::Store { given, source });
            }
        };
        if let Err(source) = store.migrate().await {
            store.close().await;
            stop(cluster).await;
            return Err(OpenError::Store { given, source });
        }
        Ok(Self {
            store,
            url,
            cluster,
        })
    }

    /// Closes the pool and stops our own cluster.
    pub(crate) async fn close(self) {
        self.store.close().await;
        stop(self.cluster).await;
    }
}

async fn start_cluster(
    config: &Config,
    sharing: Sharing,
) -> Result<(Secret, Option<Cluster>), OpenError> {
    let cluster_config = ClusterConfig {
        bin_dir: config.pg_bin.clone(),
        ..ClusterConfig::from_env(config.data_dir.clone())
    };
    let started = tokio::task::spawn_blocking(move || match Cluster::start(&cluster_config) {
        Ok(cluster) => Ok((Secret::new(cluster.url(cluster::DATABASE)), Some(cluster))),
        Err(ClusterError::Locked { .. }) if sharing == Sharing::Join => {
            let url = cluster::running_url(&cluster_config, cluster::DATABASE)?;
            Ok((Secret::new(url), None))
        }
        Err(error) => Err(error),
    });
    Ok(started.await.map_err(|_| OpenError::Interrupted)??)
}

async fn stop(cluster: Option<Cluster>) {
    let Some(cluster) = cluster else { return };
    match tokio::task::spawn_blocking(move || cluster.stop()).await {
        Ok(Ok(())) => tracing::info!("PostgreSQL has stopped"),
        Ok(Err(error)) => tracing::error!("PostgreSQL did not stop cleanly: {error}"),
        Err(_) => tracing::error!("stopping PostgreSQL was interrupted"),
    }
}

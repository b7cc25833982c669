//! `crowfoot serve`

use crate::catalog_database::{CatalogDatabase, Sharing};
use crate::command::{CommandError, say, services_config};
use crate::config::Config;
use crate::cookie::CookieJar;
use crate::metrics::{Metrics, MetricsAccess};
use crate::router::router;
use crate::site;
use crate::state::{AppState, origin_of};
use app::context::AppServices;
use contract::account::{Accounts as _, Secret};
use contract::context::Ctx;
use leptos::config::LeptosOptions;
use service::services::Services;
use service::setup_code::SetupCode;
use service::worker::Worker;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use store::sessions::SessionLimits;
use tokio::net::TcpListener;

/// How long requests that are under way may take after the signal to stop.
const DRAIN_SECONDS: u64 = 10;
/// How often partitions are made ahead and expired sessions removed.
const UPKEEP_SECONDS: u64 = 6 * 60 * 60;

/// Serve the catalog to browsers.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Address and port to listen on [default: 127.0.0.1:3000].
    #[arg(long, env = "CROWFOOT_ADDR")]
    addr: Option<SocketAddr>,
    /// The address under which people reach the server, where a proxy stands before it. With
    /// https the session's cookie is marked for https only.
    #[arg(long, env = "CROWFOOT_PUBLIC_URL")]
    public_url: Option<String>,
    /// Email of the first administrator, made at start while there is no user.
    #[arg(long, env = "CROWFOOT_ADMIN_EMAIL", requires = "admin_password")]
    admin_email: Option<String>,
    /// Password of the first administrator.
    #[arg(long, env = "CROWFOOT_ADMIN_PASSWORD", hide_env_values = true)]
    admin_password: Option<String>,
    /// Who brings this token may read /metrics. Without it, programs of this machine may, unless
    /// a public URL is set. Administrators always may.
    #[arg(long, env = "CROWFOOT_METRICS_TOKEN", hide_env_values = true)]
    metrics_token: Option<String>,
}

impl Serve {
    pub(crate) async fn run(self, config: &Config) -> Result<(), CommandError> {
        let assets = site::assets()?;
        let address = self
            .addr
            .or(config.addr)
            .unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000));
        // The port first: where it is taken, nothing else shall have been started.
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| CommandError::Listen {
                address,
                hint: match source.kind() {
                    ErrorKind::AddrInUse => {
                        ". Another program uses this port; choose one with --addr or CROWFOOT_ADDR."
                    }
                    ErrorKind::PermissionDenied => ". Ports below 1024 need special rights.",
                    ErrorKind::AddrNotAvailable => ". This machine does not have that address.",
                    _ => "",
                },
                source,
            })?;
        let database = CatalogDatabase::open(config, Sharing::Alone).await?;
        let outcome = self.serve(config, listener, &database, assets).await;
        database.close().await;
        outcome
    }

    async fn serve(
        self,
        config: &Config,
        listener: TcpListener,
        database: &CatalogDatabase,
        assets: app::context::Assets,
    ) -> Result<(), CommandError> {
        let ctx = Ctx::system("start");
        let setup_code = SetupCode::generate()?;
        let services = Services::new(
            database.store.clone(),
            service::config::Config {
                setup_code: Some(setup_code.clone()),
                ..services_config(config, database)?
            },
        )?;
        let email = self.admin_email.or_else(|| config.admin_email.clone());
        let password = self
            .admin_password
            .map(Secret::new)
            .or_else(|| config.admin_password.clone());
        if let (Some(email), Some(password)) = (&email, password)
            && services.first_admin_ensure(&ctx, email, password).await?
        {
            tracing::info!("{email} is the first administrator");
        }
        let setup_needed = services.setup_needed(&ctx).await?;

        let worker = Worker::start(services.clone());
        let services = Arc::new(services);
        let public_url = self.public_url.or_else(|| config.public_url.clone());
        let metrics_token = self
            .metrics_token
            .filter(|token| !token.trim().is_empty())
            .map(|token| Secret::new(token.trim()))
            .or_else(|| config.metrics_token.clone());
        let metrics = Metrics::new(
            database.store.clone(),
            services.tally(),
            MetricsAccess::new(metrics_token, public_url.is_some()),
        );
        let address = listener.local_addr()?;
        let state = AppState {
            services: AppServices {
                accounts: services.clone(),
                catalog: services.clone(),
                access: services.clone(),
                sources: services.clone(),
                metadata: services.clone(),
                relations: services.clone(),
                jobs: services.clone(),
                views: services.clone(),
                embeds: services.clone(),
            },
            store: database.store.clone(),
            assets: Arc::new(assets),
            metrics: Arc::new(metrics),
            cookies: CookieJar::for_public_url(public_url.as_deref()),
            public_origin: public_url.as_deref().and_then(origin_of),
            leptos: LeptosOptions::builder().output_name("crowfoot").build(),
        };
        let upkeep = tokio::spawn(upkeep(database.store.clone()));
        let shown = public_url.unwrap_or_else(|| format!("http://{address}"));
        say(format_args!("Crowfoot serves {shown}"));
        if setup_needed {
            say(format_args!(
                "Make the first administrator at {shown}/setup with the code {}",
                setup_code.reveal()
            ));
        }
        let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
        let (signalled, mut was_signalled) = tokio::sync::watch::channel(());
        let served = axum::serve(listener, service).with_graceful_shutdown(async move {
            stop_signal().await;
            drop(signalled);
        });
        // Jobs end with the signal, so that nobody who waits for one holds the stop up.
        let (over, is_over) = tokio::sync::oneshot::channel::<()>();
        let mut ends = was_signalled.clone();
        let listened = services.clone();
        let work = tokio::spawn(async move {
            // Both fail when the sender is gone, which is what is waited for.
            tokio::select! {
                _ = ends.changed() => {}
                _ = is_over => {}
            }
            // Who listens to a view would hold it up for ever.
            listened.listening_stop();
            worker.stop().await;
        });
        let outcome = tokio::select! {
            outcome = std::future::IntoFuture::into_future(served) => outcome,
            () = async {
                // Fails when the sender is gone, which is the signal.
                let _ = was_signalled.changed().await;
                tokio::time::sleep(Duration::from_secs(DRAIN_SECONDS)).await;
            } => {
                tracing::warn!("requests still ran {DRAIN_SECONDS} s after the signal to stop");
                Ok(())
            }
        };
        upkeep.abort();
        drop(over);
        if let Err(error) = work.await {
            tracing::error!("the end of jobs broke off: {error}");
        }
        Ok(outcome?)
    }
}

/// Resolves at Ctrl-C or SIGTERM.
async fn stop_signal() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
    tracing::info!("stopping");
}

/// Keeps the store in order while the server runs.
async fn upkeep(store: Store) {
    let mut rounds = tokio::time::interval(Duration::from_secs(UPKEEP_SECONDS));
    loop {
        rounds.tick().await;
        if let Err(error) = store.partitions_ensure().await {
            tracing::error!("partitions could not be made ahead: {error}");
        }
        if let Err(error) = store.expired_delete(&SessionLimits::default()).await {
            tracing::error!("expired sessions could not be removed: {error}");
        }
    }
}

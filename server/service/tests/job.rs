//! Readings in the background, on a real source: followed, stopped, scheduled, survived.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;

use common::live::{Live, SHOP};
use common::{Catalog, of, script, with_catalog, with_role};
use contract::catalog::Catalog as _;
use contract::context::Ctx;
use contract::error::ErrorKind;
use contract::job::{Jobs as _, ScheduleRequest};
use contract::source::Sources as _;
use model::account::{CurrentUser, Role};
use model::id::{DatabaseId, JobId, UserId};
use model::job::{Job, JobQuery, JobStatus, JobTrigger};
use service::services::Services;
use service::worker::Worker;
use sqlx::{Connection as _, Row as _};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// Longer than anything here takes, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until a job is as it is expected to be.
async fn when(services: &Services, id: &JobId, expected: impl Fn(&Job) -> bool) -> Job {
    let ctx = Ctx::system("test");
    let look = async {
        loop {
            let job = services.job_fetch(&ctx, id).await.unwrap();
            if expected(&job) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, look).await.unwrap()
}

async fn ended(services: &Services, id: &JobId) -> Job {
    when(services, id, |job| !job.status.is_active()).await
}

/// One value from the catalog's own database.
async fn value(catalog: &Catalog, sql: &str) -> String {
    let mut connection = sqlx::PgConnection::connect(&catalog.url).await.unwrap();
    let row = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
        .fetch_one(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    row.try_get::<Option<String>, _>(0)
        .unwrap()
        .unwrap_or_default()
}

/// A live database that is in the catalog.
async fn connected(catalog: &Catalog, ctx: &Ctx, name: &str) -> (Live, DatabaseId) {
    let live = Live::new(catalog).await;
    live.run(SHOP).await;
    live.run("ANALYZE").await;
    let request = live.request(name);
    let summary = catalog
        .services
        .connection_create(ctx, request)
        .await
        .unwrap();
    (live, summary.id)
}

/// A server that lets everybody in and says nothing, so that a reading stays at its beginning.
async fn silent_server() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

async fn move_to(catalog: &Catalog, id: &DatabaseId, port: u16) {
    catalog
        .sql(&format!(
            "update databases set host = '127.0.0.1', port = {port}, tls_mode = 'disable' where id = '{id}'"
        ))
        .await;
}

fn allow_sockets(config: &mut service::config::Config) {
    config.allow_sockets = true;
}

#[tokio::test]
async fn a_refresh_runs_in_the_background_and_its_result_stays() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let ctx = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &ctx, "Live shop").await;
        live.run("CREATE TABLE parcels (id int)").await;

        // Nobody works yet: it waits, and a second request joins it.
        let job = services.refresh_start(&ctx, &id).await.unwrap();
        assert_eq!(job.status, JobStatus::Pending);
        let again = services.refresh_start(&ctx, &id).await.unwrap();
        assert_eq!(again.id, job.id);
        let all = services.refresh_all(&ctx).await.unwrap();
        assert_eq!((all.started, all.active), (0, 1));

        let worker = Worker::start(services.clone());
        let done = ended(services, &job.id).await;
        assert_eq!(done.status, JobStatus::Completed, "{done:?}");
        let result = done.result.clone().unwrap();
        assert_eq!((result.version, result.has_changed), (2, true));
        assert!(result.summary.unwrap().contains("added"));
        assert_eq!(Some(done.progress.current), done.progress.total);
        assert_eq!(done.started_by.as_deref(), Some("Ada"));
        assert!(done.duration_ms().is_some());

        // Waiting for it gives the same as before, by a job of its own.
        let waited = services.database_refresh(&ctx, &id).await.unwrap();
        assert_eq!((waited.version, waited.has_changed), (3, false));
        let state = services.refresh_state(&ctx, &id).await.unwrap();
        assert_ne!(state.job.unwrap().id, job.id);

        // Page by page, the newest first.
        let query = |after| JobQuery {
            database: Some(id.clone()),
            after,
            limit: 1,
        };
        let first = services.job_list(&ctx, query(None)).await.unwrap();
        let second = services.job_list(&ctx, query(first.next)).await.unwrap();
        assert_eq!(second.jobs, std::slice::from_ref(&done));
        assert_eq!(second.next, None);
        let error = services
            .job_list(&ctx, query(Some("x".to_owned())))
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);

        worker.stop().await;
        let started = "select count(*)::text from audit_logs where resource_type = 'refresh' and action = 'CREATE'";
        assert_eq!(value(&catalog, started).await, "2");
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_refresh_leaves_the_catalog_as_it_was() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let ctx = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &ctx, "Live shop").await;

        // One that waits ends at once.
        let waiting = services.refresh_start(&ctx, &id).await.unwrap();
        let waiting = services.job_cancel(&ctx, &waiting.id).await.unwrap();
        assert_eq!(waiting.status, JobStatus::Cancelled);
        assert!(waiting.finished_at.is_some());

        let (silent, port) = silent_server().await;
        move_to(&catalog, &id, port).await;
        let worker = Worker::start(services.clone());
        let job = services.refresh_start(&ctx, &id).await.unwrap();
        let (mut connection, _) = silent.accept().await.unwrap();
        let running = when(services, &job.id, |job| job.progress.message.is_some()).await;
        assert_eq!(running.progress.message.as_deref(), Some("Connecting"));
        assert_eq!(running.status, JobStatus::Running);
        services.job_cancel(&ctx, &job.id).await.unwrap();
        let done = ended(services, &job.id).await;
        assert_eq!((done.status, done.error), (JobStatus::Cancelled, None));
        // Its connection is closed, not left to itself.
        let mut rest = Vec::new();
        tokio::time::timeout(PATIENCE, connection.read_to_end(&mut rest))
            .await
            .unwrap()
            .unwrap();

        let detail = services.database_fetch(&ctx, &id).await.unwrap();
        assert_eq!((detail.versions, detail.summary.counts.tables), (1, 2));
        assert_eq!(detail.source.unwrap().last_error, None);
        let error = services.job_cancel(&ctx, &job.id).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Conflict);
        let cancelled = "select count(*)::text from audit_logs where changes -> 'status' ->> 'after' = 'cancelled'";
        assert_eq!(value(&catalog, cancelled).await, "2");
        worker.stop().await;
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn no_job_runs_for_ever_when_its_server_stops_or_dies() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let ctx = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &ctx, "Live shop").await;
        let (silent, port) = silent_server().await;
        move_to(&catalog, &id, port).await;

        // Stopped in good order.
        let worker = Worker::start(services.clone());
        let job = services.refresh_start(&ctx, &id).await.unwrap();
        let (_connection, _) = silent.accept().await.unwrap();
        worker.stop().await;
        let stopped = services.job_fetch(&ctx, &job.id).await.unwrap();
        assert_eq!(stopped.status, JobStatus::Failed);
        assert!(stopped.error.unwrap().contains("stopped"));

        // Killed: what it had in hand is given up at the next start.
        let job = services.refresh_start(&ctx, &id).await.unwrap();
        catalog
            .sql(
                "update jobs set status = 'running', worker = 'dead', started_at = now(),
                    heartbeat_at = now() - interval '1 hour'
                where status = 'pending'",
            )
            .await;
        let worker = Worker::start(services.clone());
        let given_up = ended(services, &job.id).await;
        assert_eq!(given_up.status, JobStatus::Failed);
        worker.stop().await;
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_may_go_while_it_is_read() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let ctx = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &ctx, "Live shop").await;
        let (silent, port) = silent_server().await;
        move_to(&catalog, &id, port).await;
        let worker = Worker::start(services.clone());
        let job = services.refresh_start(&ctx, &id).await.unwrap();
        let (mut connection, _) = silent.accept().await.unwrap();
        services.database_delete(&ctx, &id).await.unwrap();
        let error = services.job_fetch(&ctx, &job.id).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
        // The reading notices, and ends long before the server would have had to answer.
        let mut rest = Vec::new();
        tokio::time::timeout(PATIENCE, connection.read_to_end(&mut rest))
            .await
            .unwrap()
            .unwrap();
        // The worker goes on.
        let summary = services
            .connection_create(&ctx, live.request("Live shop"))
            .await
            .unwrap();
        services.database_refresh(&ctx, &summary.id).await.unwrap();
        worker.stop().await;
        live.drop().await;
    })
    .await;
}

/// Passes everything on until so many bytes have come from the server, then hangs up.
async fn cut_after(live: &Live, bytes: usize) -> u16 {
    let (listener, port) = silent_server().await;
    let request = live.request("");
    let (host, server_port) = (request.host, request.port.unwrap());
    tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        if host.starts_with('/') {
            let socket = format!("{host}/.s.PGSQL.{server_port}");
            let mut far = UnixStream::connect(socket).await.unwrap();
            let (mut from_far, mut to_far) = far.split();
            relay(&mut near, &mut from_far, &mut to_far, bytes).await;
        } else {
            let mut far = TcpStream::connect((host.as_str(), server_port))
                .await
                .unwrap();
            let (mut from_far, mut to_far) = far.split();
            relay(&mut near, &mut from_far, &mut to_far, bytes).await;
        }
    });
    port
}

async fn relay(
    near: &mut TcpStream,
    from_far: &mut (impl tokio::io::AsyncRead + Unpin),
    to_far: &mut (impl tokio::io::AsyncWrite + Unpin),
    bytes: usize,
) {
    let (mut from_near, mut to_near) = near.split();
    let answers = async {
        let mut left = bytes;
        let mut buffer = vec![0; 512];
        while left > 0 {
            let count = from_far.read(&mut buffer).await.unwrap();
            to_near
                .write_all(buffer.get(..count).unwrap())
                .await
                .unwrap();
            left = left.saturating_sub(count);
        }
    };
    tokio::select! {
        () = answers => {}
        _ = tokio::io::copy(&mut from_near, to_far) => {}
    }
}

#[tokio::test]
async fn why_a_refresh_failed_is_told_and_stays() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let ctx = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &ctx, "Live shop").await;
        let place = "update databases set host = kept.host, port = kept.port from kept";
        catalog
            .sql("create table kept as select host, port from databases")
            .await;
        let worker = Worker::start(services.clone());

        // The connection breaks half way.
        let port = cut_after(&live, 2_000).await;
        move_to(&catalog, &id, port).await;
        let job = services.refresh_start(&ctx, &id).await.unwrap();
        let cut = ended(services, &job.id).await;
        assert_eq!(cut.status, JobStatus::Failed, "{cut:?}");
        let reason = cut.error.unwrap();
        assert!(!reason.is_empty() && cut.result.is_none());
        let detail = services.database_fetch(&ctx, &id).await.unwrap();
        assert_eq!((detail.versions, detail.summary.counts.tables), (1, 2));
        assert_eq!(detail.source.unwrap().last_error, Some(reason));

        // The login is no longer let in.
        catalog
            .sql(&format!(
                "{place}; update databases set username = 'nobody_of_that_name'"
            ))
            .await;
        let job = services.refresh_start(&ctx, &id).await.unwrap();
        let refused = ended(services, &job.id).await;
        assert!(refused.error.unwrap().contains("login"));
        let error = services.database_refresh(&ctx, &id).await.unwrap_err();
        assert!(error.message.contains("login"), "{error}");

        // A script has nothing behind it.
        let imported = services
            .script_import(&ctx, script("shop", SHOP))
            .await
            .unwrap();
        let error = services
            .refresh_start(&ctx, &imported.id)
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        worker.stop().await;
        live.drop().await;
    })
    .await;
}

/// Where each row stands and which transaction wrote it, for every table but those that a refresh
/// adds to.
const EVERY_ROW: &str = "
    select string_agg(t.table_name || ' ' || coalesce(rows, ''), E'\\n' order by t.table_name)
    from information_schema.tables t, lateral (
        select (xpath('/row/r/text()', query_to_xml(format(
            'select md5(string_agg(xmin || '' '' || ctid, '','' order by ctid)) as r from %I',
            t.table_name), false, true, '')))[1]::text as rows
    ) as written
    where t.table_schema = 'public' and t.table_type = 'BASE TABLE'
        and t.table_name not in ('jobs', 'schema_versions', 'audit_logs')
        and t.table_name not like 'audit_logs%'";

#[tokio::test]
async fn a_refresh_without_changes_writes_nothing_but_job_and_version() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let ctx = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &ctx, "Live shop").await;
        live.run(
            "INSERT INTO customers SELECT n, 'c' || n % 50 || '@example.org' FROM generate_series(1, 500) n;
            ANALYZE customers;
            CREATE VIEW emails AS SELECT email FROM customers;
            CREATE TYPE mood AS ENUM ('well', 'unwell');",
        )
        .await;
        let first = services.database_refresh(&ctx, &id).await.unwrap();
        assert!(first.has_changed);
        let statistics = "select count(*)::text from columns where statistics is not null";
        assert_ne!(value(&catalog, statistics).await, "0");
        let before = value(&catalog, EVERY_ROW).await;
        assert!(before.contains("columns "), "{before}");

        let second = services.database_refresh(&ctx, &id).await.unwrap();
        assert_eq!((second.version, second.has_changed), (3, false));
        assert_eq!(value(&catalog, EVERY_ROW).await, before);

        // When it was read last is known all the same.
        let listed = services.database_list(&ctx).await.unwrap();
        let newest = "select (extract(epoch from max(created_at)) * 1000)::bigint::text from schema_versions";
        let newest: i64 = value(&catalog, newest).await.parse().unwrap();
        let read_at = listed.first().unwrap().refreshed_at.0;
        assert!((read_at - newest).abs() <= 1, "{read_at} {newest}");

        // What did change is written, and that alone.
        live.run("INSERT INTO customers VALUES (1000, 'x'); ANALYZE customers;")
            .await;
        services.database_refresh(&ctx, &id).await.unwrap();
        let changed: Vec<String> = value(&catalog, EVERY_ROW)
            .await
            .lines()
            .zip(before.lines())
            .filter(|(now, before)| now != before)
            .filter_map(|(now, _)| now.split(' ').next().map(str::to_owned))
            .collect();
        assert!(
            changed.iter().all(|table| table == "columns" || table == "tables"),
            "{changed:?}"
        );
        assert!(changed.contains(&"columns".to_owned()), "{changed:?}");
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn schedules_run_once_for_all_that_was_missed_and_none_stops_another() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let ctx = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &ctx, "Live shop").await;
        let set = async |id: &DatabaseId, cron: &str| {
            let request = ScheduleRequest {
                cron: cron.to_owned(),
                enabled: true,
            };
            services.schedule_set(&ctx, id, request).await
        };
        for wrong in ["", "0 0 3 * * *", "hourly", "0 0 31 2 *", "0 25 * * *"] {
            let error = set(&id, wrong).await.unwrap_err();
            assert_eq!(error.field.as_deref(), Some("cron"), "{wrong:?}");
        }
        assert_eq!(services.schedule_fetch(&ctx, &id).await.unwrap(), None);
        let schedule = set(&id, " 0  3 * * * ").await.unwrap();
        assert_eq!(schedule.cron, "0 3 * * *");
        assert_eq!(schedule.next_runs.len(), 3);
        assert_eq!(schedule.set_by.as_deref(), Some("Ada"));
        assert!(schedule.next_runs.is_sorted());

        // Three more: one whose server is gone, one whose text nobody can read, one that is off.
        let mut others = Vec::new();
        for name in ["Refused", "Unreadable", "Off"] {
            let summary = services
                .connection_create(&ctx, live.request(name))
                .await
                .unwrap();
            set(&summary.id, "@hourly").await.unwrap();
            others.push(summary.id);
        }
        let [refused, unreadable, off] = others.as_slice() else {
            panic!("three");
        };
        move_to(&catalog, refused, 1).await;
        let request = ScheduleRequest {
            cron: "@hourly".to_owned(),
            enabled: false,
        };
        let is_off = services.schedule_set(&ctx, off, request).await.unwrap();
        assert_eq!((is_off.enabled, is_off.next_runs), (false, Vec::new()));
        catalog
            .sql(&format!(
                "update refresh_schedules set next_run_at = now() - interval '3 days' where enabled;
                update refresh_schedules set next_run_at = now() - interval '4 days', cron_text = 'nonsense'
                where database_id = '{unreadable}'"
            ))
            .await;

        let worker = Worker::start(services.clone());
        let job_of = async |id: &DatabaseId| {
            let look = async {
                loop {
                    let state = services.refresh_state(&ctx, id).await.unwrap();
                    if let Some(job) = state.job {
                        return job.id;
                    }
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            let job = tokio::time::timeout(PATIENCE, look).await.unwrap();
            ended(services, &job).await
        };
        let done = job_of(&id).await;
        assert_eq!(done.status, JobStatus::Completed, "{done:?}");
        assert_eq!((done.trigger, done.started_by), (JobTrigger::Schedule, None));
        assert_eq!(job_of(refused).await.status, JobStatus::Failed);
        let jobs = "select count(*)::text from jobs where database_id = ";
        assert_eq!(value(&catalog, &format!("{jobs}'{id}'")).await, "1");
        assert_eq!(value(&catalog, &format!("{jobs}'{off}'")).await, "0");
        let overdue = "select count(*)::text from refresh_schedules where next_run_at <= now()";
        assert_eq!(value(&catalog, overdue).await, "0");
        worker.stop().await;

        services.schedule_delete(&ctx, &id).await.unwrap();
        assert_eq!(services.schedule_fetch(&ctx, &id).await.unwrap(), None);
        let told = format!(
            "select string_agg(action || ' ' || changes::text, E'\\n' order by id) from audit_logs
            where resource_type = 'schedule' and resource_id = '{id}'"
        );
        let told = value(&catalog, &told).await;
        assert_eq!(told.lines().count(), 2, "{told}");
        assert!(told.starts_with("CREATE") && told.contains("DELETE"), "{told}");
        assert!(told.contains(r#""cron": "0 3 * * *""#), "{told}");
        live.drop().await;
    })
    .await;
}

#[tokio::test]
async fn jobs_of_databases_that_one_may_not_see_are_not_there() {
    with_catalog(allow_sockets, async |catalog| {
        catalog.set_up().await;
        let owner = with_role(Role::Editor);
        let services = &catalog.services;
        let (live, id) = connected(&catalog, &owner, "Live shop").await;
        let job = services.refresh_start(&owner, &id).await.unwrap();
        catalog
            .sql(
                "update databases set everybody_access = 'none';
                insert into users (username, email, password_hash, role)
                values ('eve', 'eve@example.org', 'x', 'editor')",
            )
            .await;
        let eve: i64 = value(
            &catalog,
            "select id::text from users where username = 'eve'",
        )
        .await
        .parse()
        .unwrap();
        let eve = of(&CurrentUser {
            id: UserId(eve),
            username: "eve".to_owned(),
            email: "eve@example.org".to_owned(),
            full_name: None,
            role: Role::Editor,
        });
        let kinds = [
            services.job_fetch(&eve, &job.id).await.map(drop),
            services.job_cancel(&eve, &job.id).await.map(drop),
            services.refresh_start(&eve, &id).await.map(drop),
            services.refresh_state(&eve, &id).await.map(drop),
            services.schedule_fetch(&eve, &id).await.map(drop),
            services.schedule_delete(&eve, &id).await,
        ]
        .map(|outcome| outcome.unwrap_err().kind);
        assert_eq!(kinds, [ErrorKind::NotFound; 6]);
        let mine = services
            .job_list(&owner, JobQuery::default())
            .await
            .unwrap();
        assert_eq!(mine.jobs.len(), 1);
        let hers = services.job_list(&eve, JobQuery::default()).await.unwrap();
        assert_eq!(hers.jobs, []);
        let all = services.refresh_all(&eve).await.unwrap();
        assert_eq!((all.started, all.active), (0, 0));

        // Who may read it sees the job, and may not stop it.
        catalog
            .sql("update databases set everybody_access = 'read'")
            .await;
        services.job_fetch(&eve, &job.id).await.unwrap();
        let error = services.job_cancel(&eve, &job.id).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Forbidden);
        live.drop().await;
    })
    .await;
}

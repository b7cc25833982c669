//! Jobs between processes: each is claimed by one, and of two ends the first counts.

use crate::fixture::{database_id, new_database, shop, shop_import};
use crate::support::{number, run, with_store};
use model::catalog::DatabaseOrigin;
use model::job::{JobProgress, JobQuery, JobStatus};
use std::time::Duration;
use store::StoreError;
use store::access::Scope;
use store::audit::AuditEntry;
use store::source_refresh::Reading;

fn reading() -> Reading {
    Reading {
        server_version: "PostgreSQL 15".to_owned(),
        schema: shop(),
        sizes: Vec::new(),
        statistics: Vec::new(),
        unreadable: Vec::new(),
        steps: 10,
    }
}

#[tokio::test]
async fn a_job_is_claimed_by_one_and_ended_once() {
    with_store(|store| async move {
        shop_import(&store).await;
        run(&store, "update databases set origin = 'connection'")
            .await
            .unwrap();
        let id = database_id(1);
        let audit = AuditEntry::new("CREATE", "refresh");
        let (first, second) = tokio::join!(
            store.refresh_enqueue(&id, None, &audit),
            store.refresh_enqueue(&id, None, &audit)
        );
        let ((first, one), (second, other)) = (first.unwrap(), second.unwrap());
        assert_eq!(first.id, second.id);
        assert!(one != other, "one makes the job, the other joins it");
        assert_eq!(
            number(
                &store,
                "select count(*) from audit_logs where resource_type = 'refresh'"
            )
            .await,
            1
        );

        let (mine, yours) = tokio::join!(store.job_claim("a", None), store.job_claim("b", None));
        let claims = [mine.unwrap(), yours.unwrap()];
        let [claim] = claims.iter().flatten().collect::<Vec<_>>()[..] else {
            panic!("{claims:?}");
        };
        let pulse = store.job_pulse(claim, &JobProgress::default()).await;
        assert_eq!(pulse.unwrap(), Some(false));

        // Given up for dead, it is ended; what its process then brings is not written.
        run(
            &store,
            "update jobs set heartbeat_at = now() - interval '1 minute'",
        )
        .await
        .unwrap();
        let silence = Duration::from_secs(90);
        assert_eq!(store.jobs_abandoned_fail(silence, "dead").await.unwrap(), 0);
        let silence = Duration::from_secs(30);
        assert_eq!(store.jobs_abandoned_fail(silence, "dead").await.unwrap(), 1);
        let pulse = store.job_pulse(claim, &JobProgress::default()).await;
        assert_eq!(pulse.unwrap(), None);
        let versions = "select count(*) from schema_versions";
        let before = number(&store, versions).await;
        let late = store.source_refresh(claim, &reading(), |_| None).await;
        assert!(matches!(late, Err(StoreError::NotFound { .. })), "{late:?}");
        assert_eq!(number(&store, versions).await, before);
        store
            .job_end(claim, JobStatus::Cancelled, None)
            .await
            .unwrap();
        let job = store.job_fetch(&claim.id).await.unwrap().unwrap();
        assert_eq!(
            (job.status, job.error.as_deref()),
            (JobStatus::Failed, Some("dead"))
        );
        assert!(!store.job_cancel(&claim.id, &audit).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn scripts_are_not_read_again_and_old_jobs_are_forgotten() {
    with_store(|store| async move {
        shop_import(&store).await;
        let audit = AuditEntry::new("CREATE", "refresh");
        let refused = store.refresh_enqueue(&database_id(1), None, &audit).await;
        assert!(matches!(refused, Err(StoreError::NotFound { .. })));
        let new = store::schema_write::NewDatabase {
            origin: DatabaseOrigin::Connection,
            ..new_database(2, "Live")
        };
        store.schema_import(&new, &shop(), &audit).await.unwrap();
        let made = store
            .refresh_enqueue_all(Scope::All, None, |ids| {
                assert_eq!(ids.len(), 1);
                audit.clone()
            })
            .await;
        assert_eq!(made.unwrap(), (1, 0));

        let claim = store.job_claim("a", None).await.unwrap().unwrap();
        store
            .source_refresh(&claim, &reading(), |_| None)
            .await
            .unwrap();
        run(
            &store,
            "insert into jobs (job_type, status, database_id, created_at, finished_at)
            select 'refresh', 'completed', database_id, now() - make_interval(days => n),
                now() - make_interval(days => n)
            from jobs, generate_series(80, 120, 20) n",
        )
        .await
        .unwrap();
        // Those of 100 and 120 days ago.
        assert_eq!(store.jobs_expire().await.unwrap(), 2);
        let query = JobQuery {
            limit: 50,
            ..JobQuery::default()
        };
        let kept = store.job_list(&query, Scope::All).await.unwrap();
        assert_eq!(kept.jobs.first().unwrap().id, claim.id);
        // The newest stays, however old it is.
        run(
            &store,
            "update jobs set created_at = created_at - interval '1 year',
                finished_at = finished_at - interval '1 year'",
        )
        .await
        .unwrap();
        store.jobs_expire().await.unwrap();
        assert_eq!(number(&store, "select count(*) from jobs").await, 1);
    })
    .await;
}

drop table refresh_schedules;
create index idx_jobs_database_id on jobs (database_id);
drop index idx_jobs_database_id_created_at;
drop index idx_jobs_created_at;
drop index jobs_refresh_active_key;
alter table jobs
    drop constraint jobs_running_check,
    drop column cancel_requested_at,
    drop column heartbeat_at,
    drop column worker,
    drop column finished_at,
    drop column started_at;

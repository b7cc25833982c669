-- Refreshes in the background: who works on a job, and when databases are read by themselves.

alter table jobs
    add column started_at timestamptz,
    add column finished_at timestamptz,
    -- Which process works on it; each has a word of its own from start to end.
    add column worker text,
    -- Its last sign of life. A running job without one is nobody's any more.
    add column heartbeat_at timestamptz,
    add column cancel_requested_at timestamptz,
    add constraint jobs_running_check
        check (status <> 'running' or (worker is not null and heartbeat_at is not null));

-- One reading of a database at a time: who asks for a second one joins the first.
create unique index jobs_refresh_active_key on jobs (database_id)
    where job_type = 'refresh' and status in ('pending', 'running');
create index idx_jobs_created_at on jobs (created_at desc, id desc);
create index idx_jobs_database_id_created_at on jobs (database_id, created_at desc, id desc);
drop index idx_jobs_database_id;

create table refresh_schedules (
    database_id text primary key references databases (id) on delete cascade,
    -- Five fields: minute, hour, day of the month, month, day of the week.
    cron_text varchar(100) not null,
    time_zone varchar(64) not null default 'UTC' constraint refresh_schedules_time_zone_check
        check (time_zone = 'UTC'),
    enabled boolean not null default true,
    -- None while it is off, and when it could not be understood.
    next_run_at timestamptz,
    set_by_user_id bigint references users (id) on delete set null,
    set_at timestamptz not null default current_timestamp
);

create index idx_refresh_schedules_next_run_at on refresh_schedules (next_run_at) where enabled;
create index idx_refresh_schedules_set_by_user_id on refresh_schedules (set_by_user_id);

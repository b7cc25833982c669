drop table schema_renames;
drop table schema_versions;
drop table schema_structures;
delete from databases where origin = 'connection';
alter table databases
    drop column unreadable,
    drop column last_error,
    drop column server_version,
    drop column tls_ca,
    drop column tls_mode;
alter table databases drop constraint databases_origin_check;
alter table databases add constraint databases_origin_check
    check (origin in ('script', 'sample'));

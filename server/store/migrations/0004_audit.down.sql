drop table audit_logs;
drop function audit_logs_refuse();

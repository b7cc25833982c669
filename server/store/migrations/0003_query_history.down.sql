drop table query_history;
drop table query_history_ids;
drop function query_history_ids_follow();
drop function ensure_month_partitions(regclass, date, date);

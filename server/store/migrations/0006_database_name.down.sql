drop index databases_name_key;
create index idx_databases_name on databases (lower(name));

-- A name leads to one database, whatever its case and however many servers write to the catalog.
drop index idx_databases_name;
create unique index databases_name_key on databases (lower(name));

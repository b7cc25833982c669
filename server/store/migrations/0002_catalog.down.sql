-- The extension pg_trgm stays: somebody else may use it by now.
drop table diagram_layouts;
drop table routines;
drop table sequences;
drop table domains;
drop table enum_types;
drop table table_triggers;
drop table table_constraints;
drop table table_indexes;
drop table foreign_keys;
drop table columns;
drop table tables;
drop table databases;

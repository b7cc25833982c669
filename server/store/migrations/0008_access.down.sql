drop function database_access(databases, bigint);
drop table database_grants;
drop table group_members;
drop table groups;
alter table databases
    drop column everybody_access,
    drop column owner_user_id;

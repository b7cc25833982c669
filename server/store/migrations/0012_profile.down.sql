alter table columns drop column profile;
alter table tables
    drop column profile_sampled,
    drop column profile_rows,
    drop column profiled_at;

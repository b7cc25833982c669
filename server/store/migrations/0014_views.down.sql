drop table diagram_view_snapshots;
drop table diagram_view_parts;
alter table databases drop column default_view_id;
drop table diagram_views;

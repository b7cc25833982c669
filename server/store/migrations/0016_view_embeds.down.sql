alter table diagram_views add column may_embed boolean not null default false;
update diagram_views set may_embed = true where id in (select view_id from diagram_view_embeds);
drop table diagram_view_embeds;

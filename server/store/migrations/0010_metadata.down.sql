drop table semantic_verdicts;

alter table columns
    drop column description_by_user_id,
    drop column description_at,
    drop column ai_description,
    drop column ai_description_at,
    drop column tags,
    drop column revision;

drop index idx_columns_semantic_type;

alter table tables
    drop column description_by_user_id,
    drop column description_at,
    drop column ai_description,
    drop column ai_description_at,
    drop column revision;

alter table databases
    drop column description,
    drop column description_by_user_id,
    drop column description_at,
    drop column ai_description,
    drop column ai_description_at,
    drop column tags,
    drop column revision;

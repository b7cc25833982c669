-- Views that other sites show to people who are not signed in.

create table diagram_view_embeds (
    view_id text primary key references diagram_views (id) on delete cascade,
    -- SHA-256 of the secret in the address. The secret itself is kept nowhere.
    token_hash bytea not null constraint diagram_view_embeds_token_hash_key unique
        constraint diagram_view_embeds_token_hash_check check (octet_length(token_hash) = 32),
    -- The origins whose pages may frame it; empty for any.
    sites text[] not null default '{}'
        constraint diagram_view_embeds_sites_check check (cardinality(sites) <= 20),
    made_by_user_id bigint references users (id) on delete set null,
    made_at timestamptz not null default current_timestamp
);

create index idx_diagram_view_embeds_made_by_user_id on diagram_view_embeds (made_by_user_id);

-- A view may be embedded when it has an address for that.
alter table diagram_views drop column may_embed;

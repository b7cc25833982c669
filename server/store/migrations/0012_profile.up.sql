-- What a close look at a table's rows found.

alter table tables
    -- When that was; null while nobody has looked.
    add column profiled_at timestamptz,
    -- How many rows were read.
    add column profile_rows bigint,
    -- Whether they were a part of all.
    add column profile_sampled boolean not null default false;

-- Nulls, distinct values, the smallest, the largest and the most common ones.
alter table columns add column profile jsonb;

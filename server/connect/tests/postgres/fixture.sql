-- A database with something of everything, in the words in which the server prints them. Reading
-- this script and reading the database it makes must give the same.
SET search_path = '';

CREATE SCHEMA app;
CREATE SCHEMA "Odd ""schema"".with (all";

CREATE TYPE app.color AS ENUM ('red', 'it''s "blue"', 'grün');
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
COMMENT ON TYPE app.color IS 'colours';
CREATE DOMAIN app.code AS character varying(8) NOT NULL DEFAULT 'x'::character varying
    CONSTRAINT code_form CHECK (((VALUE)::text ~ '^[a-z]+$'::text));
CREATE DOMAIN public.amount AS numeric(12,2);
COMMENT ON DOMAIN public.amount IS 'money';
CREATE TYPE app.pair AS (a integer, b text);

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION app.add_up(a integer, b public.mood DEFAULT 'ok'::public.mood, OUT sum numeric)
    RETURNS numeric LANGUAGE sql AS 'SELECT 1.0';
CREATE FUNCTION app.add_up(text[]) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE PROCEDURE app.tidy(IN x double precision) LANGUAGE plpgsql AS 'BEGIN NULL; END';

CREATE SEQUENCE app.lonely;

CREATE TABLE app.region (
    country character(2) NOT NULL,
    number smallint NOT NULL,
    name text COLLATE "C" DEFAULT 'n/a'::text NOT NULL,
    CONSTRAINT region_pkey PRIMARY KEY (country, number)
);
COMMENT ON TABLE app.region IS 'Where people live; it''s "here".';
COMMENT ON COLUMN app.region.name IS 'as people
say it';

CREATE TABLE app.customer (
    id bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    state app.color DEFAULT 'red'::app.color,
    feelings public.mood[],
    zip app.code,
    balance public.amount DEFAULT 0.00,
    born date,
    seen timestamp(3) without time zone DEFAULT now(),
    stay tsrange,
    length interval DEFAULT '1 day'::interval,
    flags bit varying(5),
    half numeric GENERATED ALWAYS AS (((balance)::numeric / (2)::numeric)) STORED,
    country character(2),
    region smallint,
    referrer bigint,
    CONSTRAINT customer_pkey PRIMARY KEY (id),
    CONSTRAINT customer_email_key UNIQUE (email),
    CONSTRAINT adult CHECK ((born < '2008-01-01'::date)),
    CONSTRAINT customer_region_fkey FOREIGN KEY (country, region)
        REFERENCES app.region(country, number) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE,
    CONSTRAINT customer_referrer_fkey FOREIGN KEY (referrer) REFERENCES app.customer(id)
        ON DELETE RESTRICT,
    CONSTRAINT no_overlap EXCLUDE USING gist (stay WITH &&) WHERE ((balance IS NOT NULL))
);
CREATE INDEX customer_lower ON app.customer USING btree (lower(email) text_pattern_ops, born DESC NULLS LAST)
    INCLUDE (state) WHERE (born IS NOT NULL);
CREATE INDEX customer_comma ON app.customer USING btree (replace(email, '),('::text, ''::text), (((id + 1) * 2)));
CREATE UNIQUE INDEX customer_zip ON app.customer USING btree (zip COLLATE "POSIX");
CREATE INDEX customer_hash ON app.customer USING hash (email);
CREATE TRIGGER customer_touch BEFORE INSERT OR UPDATE OF email ON app.customer FOR EACH ROW WHEN ((new.email IS NOT NULL)) EXECUTE FUNCTION app.touch();

CREATE TABLE public.ticket (
    id integer NOT NULL,
    made timestamp with time zone NOT NULL,
    customer bigint,
    CONSTRAINT positive CHECK ((id > 0))
) PARTITION BY RANGE (made);
CREATE SEQUENCE public.ticket_id_seq AS integer OWNED BY public.ticket.id;
ALTER TABLE ONLY public.ticket ALTER COLUMN id SET DEFAULT nextval('public.ticket_id_seq'::regclass);
CREATE TABLE public.ticket_2026 PARTITION OF public.ticket FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE TABLE public.ticket_rest PARTITION OF public.ticket DEFAULT PARTITION BY LIST (id);
CREATE TABLE public.ticket_rest_1 PARTITION OF public.ticket_rest FOR VALUES IN (1, 2);
ALTER TABLE public.ticket ADD CONSTRAINT ticket_pkey PRIMARY KEY (id, made);
ALTER TABLE public.ticket ADD CONSTRAINT ticket_customer_fkey FOREIGN KEY (customer) REFERENCES app.customer(id);
CREATE TRIGGER ticket_touch AFTER DELETE ON public.ticket FOR EACH ROW EXECUTE FUNCTION app.touch();

CREATE TABLE public.note (
    ticket integer,
    made timestamp with time zone,
    body text,
    CONSTRAINT note_ticket_fkey FOREIGN KEY (ticket, made) REFERENCES public.ticket(id, made)
);

CREATE TABLE app.base (id integer NOT NULL, CONSTRAINT base_id_check CHECK ((id > 0)));
CREATE TABLE app.derived (extra text) INHERITS (app.base);

CREATE TABLE "Odd ""schema"".with (all"."ta'b\le, ""x"" (" (
    "select" integer,
    "co,l)""umn" text DEFAULT 'a\b'::text,
    "привет 🦀" app.pair,
    CONSTRAINT "odd (""key" PRIMARY KEY ("select")
);
CREATE INDEX "odd (,index" ON "Odd ""schema"".with (all"."ta'b\le, ""x"" (" USING btree ("co,l)""umn", "select" DESC);

CREATE FUNCTION app.is_big(numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE VIEW app.rich AS
 SELECT c.id,
    c.email
   FROM app.customer c
  WHERE app.is_big((c.balance)::numeric);
COMMENT ON VIEW app.rich IS 'those with money';
CREATE MATERIALIZED VIEW app.states AS
 SELECT customer.state,
    count(*) AS n
   FROM app.customer
  GROUP BY customer.state
  WITH NO DATA;
CREATE INDEX states_n ON app.states USING btree (n);

CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER far FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE app.afar (id integer, name text NOT NULL) SERVER far;

-- Growth: campaigns, visits to the shop, mailings and reviews.

CREATE SCHEMA growth;

COMMENT ON SCHEMA growth IS 'Marketing and behaviour in the shop. Owned by the growth team. Times are UTC.';

CREATE TYPE growth.campaign_channel AS ENUM ('search', 'social', 'email', 'affiliate', 'print');
CREATE TYPE growth.device_kind AS ENUM ('desktop', 'phone', 'tablet');
CREATE TYPE growth.event_kind AS ENUM (
    'page_view',
    'product_view',
    'search',
    'add_to_cart',
    'checkout_started',
    'order_completed'
);

COMMENT ON TYPE growth.event_kind IS 'In the order of the funnel.';


-- Campaigns -----------------------------------------------------------------------------------

CREATE TABLE growth.campaigns (
    id          integer                  GENERATED ALWAYS AS IDENTITY,
    code        text                     NOT NULL,
    name        varchar(120)             NOT NULL,
    channel     growth.campaign_channel  NOT NULL,
    owner_id    integer,
    budget_eur  numeric(10,2)            NOT NULL,
    starts_on   date                     NOT NULL,
    ends_on     date,
    goals       jsonb                    NOT NULL DEFAULT '[]',
    CONSTRAINT campaigns_pkey PRIMARY KEY (id),
    CONSTRAINT campaigns_code_key UNIQUE (code),
    CONSTRAINT campaigns_budget_eur_check CHECK (budget_eur >= 0),
    CONSTRAINT campaigns_dates_in_order CHECK (ends_on IS NULL OR ends_on >= starts_on),
    CONSTRAINT campaigns_owner_id_fkey FOREIGN KEY (owner_id)
        REFERENCES sales.employees (id) ON DELETE SET NULL
);

CREATE INDEX campaigns_owner_id_idx ON growth.campaigns (owner_id);

COMMENT ON TABLE growth.campaigns IS 'Paid and unpaid campaigns of any channel.';
COMMENT ON COLUMN growth.campaigns.code IS 'Goes into the utm_campaign parameter of every link. Lower case with dashes.';
COMMENT ON COLUMN growth.campaigns.channel IS 'Where the campaign runs.';
COMMENT ON COLUMN growth.campaigns.owner_id IS 'Employee who answers for the budget.';
COMMENT ON COLUMN growth.campaigns.budget_eur IS 'Agreed budget for the whole run, in euros.';
COMMENT ON COLUMN growth.campaigns.starts_on IS 'First day.';
COMMENT ON COLUMN growth.campaigns.ends_on IS 'Last day. Null for campaigns that run until stopped.';
COMMENT ON COLUMN growth.campaigns.goals IS 'Array of {metric, target}, as agreed at the start.';


CREATE TABLE growth.campaign_spend (
    campaign_id  integer        NOT NULL,
    spent_on     date           NOT NULL,
    impressions  integer        NOT NULL DEFAULT 0,
    clicks       integer        NOT NULL DEFAULT 0,
    cost_eur     numeric(10,2)  NOT NULL DEFAULT 0,
    CONSTRAINT campaign_spend_pkey PRIMARY KEY (campaign_id, spent_on),
    CONSTRAINT campaign_spend_clicks_check CHECK (clicks >= 0 AND clicks <= impressions),
    CONSTRAINT campaign_spend_campaign_id_fkey FOREIGN KEY (campaign_id)
        REFERENCES growth.campaigns (id) ON DELETE CASCADE
);

CREATE INDEX campaign_spend_spent_on_idx ON growth.campaign_spend (spent_on);

COMMENT ON TABLE growth.campaign_spend IS 'Cost and reach per campaign and day, as the platforms report it. The last three days still change.';
COMMENT ON COLUMN growth.campaign_spend.impressions IS 'Times shown. Zero for print, which cannot be measured.';
COMMENT ON COLUMN growth.campaign_spend.clicks IS 'Clicks as the platform counts them; more than our visits.';
COMMENT ON COLUMN growth.campaign_spend.cost_eur IS 'In euros, VAT excluded.';


-- Visits --------------------------------------------------------------------------------------

CREATE TABLE growth.sessions (
    id            uuid                NOT NULL,
    customer_id   bigint,
    started_at    timestamptz         NOT NULL,
    ended_at      timestamptz,
    device        growth.device_kind  NOT NULL,
    country_code  char(2),
    landing_path  text                NOT NULL,
    utm_campaign  text,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_ended_later CHECK (ended_at >= started_at),
    CONSTRAINT sessions_customer_id_fkey FOREIGN KEY (customer_id)
        REFERENCES sales.customers (id) ON DELETE SET NULL,
    CONSTRAINT sessions_country_code_fkey FOREIGN KEY (country_code)
        REFERENCES sales.countries (code)
);

CREATE INDEX sessions_customer_id_idx ON growth.sessions (customer_id);
CREATE INDEX sessions_country_code_idx ON growth.sessions (country_code);
CREATE INDEX sessions_started_at_idx ON growth.sessions (started_at);

COMMENT ON TABLE growth.sessions IS 'Visits to the shop. A visit ends after 30 minutes without a click. Kept for 90 days.';
COMMENT ON COLUMN growth.sessions.id IS 'Made in the browser; new with every visit.';
COMMENT ON COLUMN growth.sessions.customer_id IS 'Known after signing in; null for about half of the visits.';
COMMENT ON COLUMN growth.sessions.started_at IS 'First click, UTC.';
COMMENT ON COLUMN growth.sessions.ended_at IS 'Last click. Null while the visit goes on.';
COMMENT ON COLUMN growth.sessions.device IS 'Guessed from the browser.';
COMMENT ON COLUMN growth.sessions.country_code IS 'From the address of the network, so wrong for travellers.';
COMMENT ON COLUMN growth.sessions.landing_path IS 'First page of the visit.';
COMMENT ON COLUMN growth.sessions.utm_campaign IS 'From the link that led here. Usually the code of a campaign, but anyone can type anything.';


CREATE SEQUENCE growth.event_id_seq AS bigint CACHE 50;

CREATE TABLE growth.events (
    id            bigint             NOT NULL DEFAULT nextval('growth.event_id_seq'),
    occurred_at   timestamptz        NOT NULL,
    session_id    uuid               NOT NULL,
    customer_ref  text,
    kind          growth.event_kind  NOT NULL,
    page_path     text               NOT NULL,
    payload       jsonb              NOT NULL DEFAULT '{}',
    CONSTRAINT events_pkey PRIMARY KEY (id, occurred_at)
) PARTITION BY RANGE (occurred_at);

CREATE TABLE growth.events_2026_09 PARTITION OF growth.events
    FOR VALUES FROM ('2026-09-01 00:00:00+00') TO ('2026-10-01 00:00:00+00');

CREATE TABLE growth.events_2026_10 PARTITION OF growth.events
    FOR VALUES FROM ('2026-10-01 00:00:00+00') TO ('2026-11-01 00:00:00+00');

CREATE TABLE growth.events_2026_11 PARTITION OF growth.events
    FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');

-- Takes every month that has no partition of its own, so that no event is ever refused.
CREATE TABLE growth.events_default PARTITION OF growth.events DEFAULT;

CREATE INDEX events_session_id_idx ON growth.events (session_id);
CREATE INDEX events_kind_occurred_idx ON growth.events (kind, occurred_at);
CREATE INDEX events_customer_ref_idx ON growth.events (customer_ref) WHERE customer_ref IS NOT NULL;
CREATE INDEX events_payload_idx ON growth.events USING gin (payload jsonb_path_ops);

COMMENT ON TABLE growth.events IS 'Clicks in the shop, one partition per month. Events of ad blockers are missing, about one visit in six.';
COMMENT ON TABLE growth.events_default IS 'Events of months without a partition of their own.';
COMMENT ON COLUMN growth.events.occurred_at IS 'Clock of our server at arrival, UTC.';
COMMENT ON COLUMN growth.events.session_id IS 'Visit that the event belongs to. Not enforced, because events can arrive before their visit.';
COMMENT ON COLUMN growth.events.customer_ref IS 'Customer number as the tracker sends it: digits in text. Null when not signed in.';
COMMENT ON COLUMN growth.events.kind IS 'What happened.';
COMMENT ON COLUMN growth.events.page_path IS 'Page where it happened, without parameters.';
COMMENT ON COLUMN growth.events.payload IS 'Depends on the kind: product_id for product_view, term for search, order_number for order_completed.';


-- Mailings ------------------------------------------------------------------------------------

CREATE TABLE growth.subscribers (
    id               bigint               GENERATED ALWAYS AS IDENTITY,
    email            sales.email_address  NOT NULL,
    customer_id      bigint,
    topics           text[]               NOT NULL DEFAULT '{}',
    subscribed_at    timestamptz          NOT NULL,
    unsubscribed_at  timestamptz,
    CONSTRAINT subscribers_pkey PRIMARY KEY (id),
    CONSTRAINT subscribers_email_key UNIQUE (email),
    CONSTRAINT subscribers_customer_id_key UNIQUE (customer_id),
    CONSTRAINT subscribers_customer_id_fkey FOREIGN KEY (customer_id)
        REFERENCES sales.customers (id) ON DELETE SET NULL
);

CREATE INDEX subscribers_topics_idx ON growth.subscribers USING gin (topics);

COMMENT ON TABLE growth.subscribers IS 'Addresses that get the newsletter. Not every subscriber is a customer.';
COMMENT ON COLUMN growth.subscribers.email IS 'Personal data.';
COMMENT ON COLUMN growth.subscribers.customer_id IS 'Set when the address also ordered; at most one subscription per customer.';
COMMENT ON COLUMN growth.subscribers.topics IS 'What they chose: kitchen, table, bed, garden, offers.';
COMMENT ON COLUMN growth.subscribers.subscribed_at IS 'When the address was confirmed.';
COMMENT ON COLUMN growth.subscribers.unsubscribed_at IS 'When they left. Null for readers.';


CREATE TABLE growth.newsletters (
    id           integer      GENERATED ALWAYS AS IDENTITY,
    campaign_id  integer,
    subject      text         NOT NULL,
    topic        text         NOT NULL,
    sent_at      timestamptz,
    CONSTRAINT newsletters_pkey PRIMARY KEY (id),
    CONSTRAINT newsletters_campaign_id_fkey FOREIGN KEY (campaign_id)
        REFERENCES growth.campaigns (id)
);

CREATE INDEX newsletters_campaign_id_idx ON growth.newsletters (campaign_id);

COMMENT ON TABLE growth.newsletters IS 'Issues of the newsletter.';
COMMENT ON COLUMN growth.newsletters.campaign_id IS 'Campaign that the issue belongs to, if any.';
COMMENT ON COLUMN growth.newsletters.subject IS 'Subject line.';
COMMENT ON COLUMN growth.newsletters.topic IS 'Subscribers of this topic get the issue.';
COMMENT ON COLUMN growth.newsletters.sent_at IS 'Start of the mailing. Null while it is being written.';


CREATE TABLE growth.newsletter_deliveries (
    newsletter_id  integer      NOT NULL,
    subscriber_id  bigint       NOT NULL,
    delivered_at   timestamptz,
    opened_at      timestamptz,
    clicked_at     timestamptz,
    bounce_reason  text,
    CONSTRAINT newsletter_deliveries_pkey PRIMARY KEY (newsletter_id, subscriber_id),
    CONSTRAINT newsletter_deliveries_newsletter_id_fkey FOREIGN KEY (newsletter_id)
        REFERENCES growth.newsletters (id) ON DELETE CASCADE,
    CONSTRAINT newsletter_deliveries_subscriber_id_fkey FOREIGN KEY (subscriber_id)
        REFERENCES growth.subscribers (id) ON DELETE CASCADE
);

CREATE INDEX newsletter_deliveries_subscriber_id_idx ON growth.newsletter_deliveries (subscriber_id);

COMMENT ON TABLE growth.newsletter_deliveries IS 'Who got which issue, and what they did with it.';
COMMENT ON COLUMN growth.newsletter_deliveries.delivered_at IS 'When the receiving server took the mail. Null when it bounced.';
COMMENT ON COLUMN growth.newsletter_deliveries.opened_at IS 'First open. Too high since mail programs load pictures by themselves; prefer clicked_at.';
COMMENT ON COLUMN growth.newsletter_deliveries.clicked_at IS 'First click on any link.';
COMMENT ON COLUMN growth.newsletter_deliveries.bounce_reason IS 'Answer of the receiving server when it refused the mail.';


-- Reviews -------------------------------------------------------------------------------------

CREATE TABLE growth.product_reviews (
    id             bigint       GENERATED ALWAYS AS IDENTITY,
    product_id     integer      NOT NULL,
    customer_id    bigint       NOT NULL,
    rating         smallint     NOT NULL,
    title          varchar(120),
    body           text,
    helpful_votes  integer      NOT NULL DEFAULT 0,
    is_published   boolean      NOT NULL DEFAULT false,
    written_at     timestamptz  NOT NULL,
    CONSTRAINT product_reviews_pkey PRIMARY KEY (id),
    CONSTRAINT product_reviews_one_per_customer UNIQUE (product_id, customer_id),
    CONSTRAINT product_reviews_rating_check CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT product_reviews_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES catalog.products (id),
    CONSTRAINT product_reviews_customer_id_fkey FOREIGN KEY (customer_id)
        REFERENCES sales.customers (id)
);

CREATE INDEX product_reviews_customer_id_idx ON growth.product_reviews (customer_id);

COMMENT ON TABLE growth.product_reviews IS 'Reviews by customers, one per product and customer. A newer review replaces the older one.';
COMMENT ON COLUMN growth.product_reviews.product_id IS 'What is reviewed.';
COMMENT ON COLUMN growth.product_reviews.customer_id IS 'Who wrote it. Only customers who bought the product can.';
COMMENT ON COLUMN growth.product_reviews.rating IS 'Stars, 1 to 5.';
COMMENT ON COLUMN growth.product_reviews.body IS 'The review itself; about four in ten give stars only.';
COMMENT ON COLUMN growth.product_reviews.helpful_votes IS 'How many other customers found it helpful.';
COMMENT ON COLUMN growth.product_reviews.is_published IS 'False until somebody has read it. Averages on the page count published reviews only.';
COMMENT ON COLUMN growth.product_reviews.written_at IS 'When it was sent in, not when it was published.';

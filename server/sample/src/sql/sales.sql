-- Sales: the people who buy and work here, their orders, and the money that moves.

CREATE SCHEMA sales;

COMMENT ON SCHEMA sales IS 'Customers, orders, payments and refunds. Owned by the revenue team.';

CREATE TYPE sales.customer_segment AS ENUM ('new', 'regular', 'loyal', 'business');
CREATE TYPE sales.order_channel AS ENUM ('web', 'app', 'store', 'marketplace');
CREATE TYPE sales.order_status AS ENUM (
    'placed',
    'paid',
    'packed',
    'shipped',
    'delivered',
    'returned',
    'cancelled'
);
CREATE TYPE sales.payment_method AS ENUM ('card', 'wallet', 'invoice', 'bank_transfer', 'gift_card');
CREATE TYPE sales.payment_status AS ENUM ('authorised', 'captured', 'failed', 'refunded');

COMMENT ON TYPE sales.order_status IS 'Steps of an order. Returned and cancelled are final; delivered is final after 30 days.';
COMMENT ON TYPE sales.customer_segment IS 'Set every night from the orders of the last 12 months.';

CREATE DOMAIN sales.email_address AS text
    CONSTRAINT email_address_has_at CHECK (VALUE LIKE '%_@_%');

COMMENT ON DOMAIN sales.email_address IS 'An address as typed; checked only for an @ sign.';


-- Countries and currencies --------------------------------------------------------------------

CREATE TABLE sales.countries (
    code      char(2)       NOT NULL,
    name      varchar(60)   NOT NULL,
    currency  char(3)       NOT NULL,
    vat_rate  numeric(4,2)  NOT NULL,
    is_eu     boolean       NOT NULL,
    CONSTRAINT countries_pkey PRIMARY KEY (code),
    CONSTRAINT countries_name_key UNIQUE (name),
    CONSTRAINT countries_vat_rate_check CHECK (vat_rate >= 0 AND vat_rate < 50)
);

COMMENT ON TABLE sales.countries IS 'Countries that we sell to or buy from.';
COMMENT ON COLUMN sales.countries.code IS 'ISO 3166 alpha-2.';
COMMENT ON COLUMN sales.countries.currency IS 'ISO 4217 code of the currency that we charge in.';
COMMENT ON COLUMN sales.countries.vat_rate IS 'Standard VAT rate in percent, as of today. Past rates are not kept.';
COMMENT ON COLUMN sales.countries.is_eu IS 'True for members of the EU; decides who files the VAT.';


CREATE TABLE sales.exchange_rates (
    currency     char(3)        NOT NULL,
    rate_on      date           NOT NULL,
    rate_to_eur  numeric(12,6)  NOT NULL,
    CONSTRAINT exchange_rates_pkey PRIMARY KEY (currency, rate_on),
    CONSTRAINT exchange_rates_rate_to_eur_check CHECK (rate_to_eur > 0)
);

COMMENT ON TABLE sales.exchange_rates IS 'Daily reference rates, loaded shortly after midnight.';
COMMENT ON COLUMN sales.exchange_rates.currency IS 'ISO 4217 code. The euro itself has no rows.';
COMMENT ON COLUMN sales.exchange_rates.rate_on IS 'Day of the rate.';
COMMENT ON COLUMN sales.exchange_rates.rate_to_eur IS 'Multiply an amount in the currency by it to get euros.';


-- People --------------------------------------------------------------------------------------

CREATE TABLE sales.employees (
    id          integer              GENERATED ALWAYS AS IDENTITY,
    manager_id  integer,
    full_name   varchar(120)         NOT NULL,
    email       sales.email_address  NOT NULL,
    team        text                 NOT NULL,
    hired_on    date                 NOT NULL,
    left_on     date,
    CONSTRAINT employees_pkey PRIMARY KEY (id),
    CONSTRAINT employees_email_key UNIQUE (email),
    CONSTRAINT employees_left_after_hired CHECK (left_on IS NULL OR left_on >= hired_on),
    CONSTRAINT employees_manager_id_fkey FOREIGN KEY (manager_id)
        REFERENCES sales.employees (id)
);

CREATE INDEX employees_manager_id_idx ON sales.employees (manager_id);

COMMENT ON TABLE sales.employees IS 'Staff who touch orders, stock or campaigns. Copied from the personnel system every night.';
COMMENT ON COLUMN sales.employees.manager_id IS 'Direct manager; null for the managing director.';
COMMENT ON COLUMN sales.employees.email IS 'Work address.';
COMMENT ON COLUMN sales.employees.team IS 'One of care, finance, management, marketing, merchandising, warehouse.';
COMMENT ON COLUMN sales.employees.hired_on IS 'First working day.';
COMMENT ON COLUMN sales.employees.left_on IS 'Last working day. Null while employed.';


CREATE TABLE sales.customers (
    id                 bigint                  GENERATED ALWAYS AS IDENTITY,
    email              sales.email_address     NOT NULL,
    full_name          varchar(120)            NOT NULL,
    country_code       char(2)                 NOT NULL,
    segment            sales.customer_segment  NOT NULL DEFAULT 'new',
    vat_number         varchar(20),
    marketing_consent  boolean                 NOT NULL DEFAULT false,
    preferences        jsonb                   NOT NULL DEFAULT '{}',
    created_at         timestamptz             NOT NULL DEFAULT now(),
    deleted_at         timestamptz,
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_country_code_fkey FOREIGN KEY (country_code)
        REFERENCES sales.countries (code)
);

CREATE UNIQUE INDEX customers_email_lower_key ON sales.customers (lower(email));
CREATE INDEX customers_country_code_idx ON sales.customers (country_code);
CREATE INDEX customers_created_at_idx ON sales.customers (created_at);
CREATE INDEX customers_consenting_idx ON sales.customers (segment) WHERE marketing_consent AND deleted_at IS NULL;

COMMENT ON TABLE sales.customers IS 'Everyone who ever ordered or made an account. Guests get a row at their first order.';
COMMENT ON COLUMN sales.customers.email IS 'Personal data. Unique without regard to case.';
COMMENT ON COLUMN sales.customers.full_name IS 'Personal data. "Deleted customer" once deleted_at is set.';
COMMENT ON COLUMN sales.customers.country_code IS 'Country chosen at sign-up. Parcels may go elsewhere.';
COMMENT ON COLUMN sales.customers.segment IS 'Computed every night; do not edit.';
COMMENT ON COLUMN sales.customers.vat_number IS 'VAT number of business customers. Filled for about one customer in a hundred.';
COMMENT ON COLUMN sales.customers.marketing_consent IS 'True only after double opt-in. Required for every mailing.';
COMMENT ON COLUMN sales.customers.preferences IS 'Settings of the account page, such as language and newsletter_topics.';
COMMENT ON COLUMN sales.customers.created_at IS 'First order or sign-up, whichever came first.';
COMMENT ON COLUMN sales.customers.deleted_at IS 'When the customer asked to be forgotten. Exclude these rows from customer counts.';


CREATE TABLE sales.customer_addresses (
    customer_id   bigint        NOT NULL,
    address_no    smallint      NOT NULL,
    label         text          NOT NULL DEFAULT 'home',
    street        varchar(120)  NOT NULL,
    postcode      varchar(12)   NOT NULL,
    city          varchar(80)   NOT NULL,
    country_code  char(2)       NOT NULL,
    CONSTRAINT customer_addresses_pkey PRIMARY KEY (customer_id, address_no),
    CONSTRAINT customer_addresses_customer_id_fkey FOREIGN KEY (customer_id)
        REFERENCES sales.customers (id) ON DELETE CASCADE,
    CONSTRAINT customer_addresses_country_code_fkey FOREIGN KEY (country_code)
        REFERENCES sales.countries (code)
);

CREATE INDEX customer_addresses_country_code_idx ON sales.customer_addresses (country_code, postcode);

COMMENT ON TABLE sales.customer_addresses IS 'Address book of each customer, numbered from 1. Addresses are never changed, only added.';
COMMENT ON COLUMN sales.customer_addresses.address_no IS 'Counts from 1 within the customer.';
COMMENT ON COLUMN sales.customer_addresses.label IS 'The customer''s own word for it: home, office, summer house.';
COMMENT ON COLUMN sales.customer_addresses.street IS 'Personal data. House number and street.';
COMMENT ON COLUMN sales.customer_addresses.postcode IS 'As typed. Text, because leading zeros and letters matter.';
COMMENT ON COLUMN sales.customer_addresses.city IS 'As typed; spelling varies.';
COMMENT ON COLUMN sales.customer_addresses.country_code IS 'Country of the address.';


CREATE TABLE sales.loyalty_accounts (
    customer_id     bigint       NOT NULL,
    card_number     varchar(12)  NOT NULL,
    points_balance  integer      NOT NULL DEFAULT 0,
    tier            text         NOT NULL DEFAULT 'linen',
    joined_on       date         NOT NULL,
    CONSTRAINT loyalty_accounts_pkey PRIMARY KEY (customer_id),
    CONSTRAINT loyalty_accounts_card_number_key UNIQUE (card_number),
    CONSTRAINT loyalty_accounts_points_balance_check CHECK (points_balance >= 0),
    CONSTRAINT loyalty_accounts_tier_check CHECK (tier IN ('linen', 'copper', 'walnut')),
    CONSTRAINT loyalty_accounts_customer_id_fkey FOREIGN KEY (customer_id)
        REFERENCES sales.customers (id) ON DELETE CASCADE
);

COMMENT ON TABLE sales.loyalty_accounts IS 'Loyalty card, at most one per customer. About half of the customers have one.';
COMMENT ON COLUMN sales.loyalty_accounts.card_number IS 'Printed on the card and scanned in the store.';
COMMENT ON COLUMN sales.loyalty_accounts.points_balance IS 'Points to spend; one point is one cent.';
COMMENT ON COLUMN sales.loyalty_accounts.tier IS 'From low to high: linen, copper, walnut. Reviewed each January.';
COMMENT ON COLUMN sales.loyalty_accounts.joined_on IS 'Day the card was given out.';


-- Orders --------------------------------------------------------------------------------------

CREATE TABLE sales.orders (
    id                   bigint               GENERATED ALWAYS AS IDENTITY,
    order_number         text                 NOT NULL,
    customer_id          bigint               NOT NULL,
    shipping_address_no  smallint             NOT NULL,
    status               sales.order_status   NOT NULL DEFAULT 'placed',
    channel              sales.order_channel  NOT NULL DEFAULT 'web',
    currency             char(3)              NOT NULL DEFAULT 'EUR',
    fx_rate_to_eur       numeric(12,6)        NOT NULL DEFAULT 1,
    goods_amount         numeric(12,2)        NOT NULL,
    discount_amount      numeric(12,2)        NOT NULL DEFAULT 0,
    shipping_amount      numeric(12,2)        NOT NULL DEFAULT 0,
    vat_amount           numeric(12,2)        NOT NULL DEFAULT 0,
    total_amount         numeric(12,2)        NOT NULL,
    total_eur            numeric(12,2)        GENERATED ALWAYS AS (round(total_amount * fx_rate_to_eur, 2)) STORED,
    is_gift              boolean              NOT NULL DEFAULT false,
    metadata             jsonb                NOT NULL DEFAULT '{}',
    placed_at            timestamptz          NOT NULL,
    updated_at           timestamptz          NOT NULL DEFAULT now(),
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_order_number_key UNIQUE (order_number),
    CONSTRAINT orders_total_adds_up CHECK (total_amount = goods_amount - discount_amount + shipping_amount),
    CONSTRAINT orders_discount_within_goods CHECK (discount_amount BETWEEN 0 AND goods_amount),
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id)
        REFERENCES sales.customers (id),
    CONSTRAINT orders_shipping_address_fkey FOREIGN KEY (customer_id, shipping_address_no)
        REFERENCES sales.customer_addresses (customer_id, address_no)
);

CREATE INDEX orders_customer_id_idx ON sales.orders (customer_id);
CREATE INDEX orders_by_customer ON sales.orders (customer_id);
CREATE INDEX orders_shipping_address_idx ON sales.orders (customer_id, shipping_address_no);
CREATE INDEX orders_placed_at_idx ON sales.orders (placed_at DESC);
CREATE INDEX orders_open_idx ON sales.orders (placed_at) WHERE status IN ('placed', 'paid', 'packed');
CREATE INDEX orders_metadata_idx ON sales.orders USING gin (metadata);

COMMENT ON TABLE sales.orders IS 'One row per order of any channel. Revenue reports leave out cancelled orders and keep returned ones, with the refund on its own date.';
COMMENT ON COLUMN sales.orders.order_number IS 'What customers and carriers see. Example: SO-101211.';
COMMENT ON COLUMN sales.orders.customer_id IS 'Who ordered.';
COMMENT ON COLUMN sales.orders.shipping_address_no IS 'Number of the address in the customer''s address book.';
COMMENT ON COLUMN sales.orders.status IS 'Last step that the order reached.';
COMMENT ON COLUMN sales.orders.channel IS 'Where the order was placed. Store means the till of our own shop.';
COMMENT ON COLUMN sales.orders.currency IS 'ISO 4217 code that the customer paid in; all amounts of the row are in it, except total_eur.';
COMMENT ON COLUMN sales.orders.fx_rate_to_eur IS 'Rate of the day the order was placed, frozen.';
COMMENT ON COLUMN sales.orders.goods_amount IS 'Sum of the lines before discount. Excludes VAT before 2023, includes it since.';
COMMENT ON COLUMN sales.orders.discount_amount IS 'All vouchers of the order together.';
COMMENT ON COLUMN sales.orders.shipping_amount IS 'What the customer pays for delivery, VAT included. Zero from 60 euros of goods.';
COMMENT ON COLUMN sales.orders.vat_amount IS 'VAT contained in the total; never add it.';
COMMENT ON COLUMN sales.orders.total_amount IS 'What the customer pays: goods minus discount plus shipping.';
COMMENT ON COLUMN sales.orders.total_eur IS 'Total in euros. Use this one for sums over countries.';
COMMENT ON COLUMN sales.orders.is_gift IS 'True when the customer asked to leave out the invoice.';
COMMENT ON COLUMN sales.orders.metadata IS 'From the checkout: device, app_version, marketplace. Keys are not fixed.';
COMMENT ON COLUMN sales.orders.placed_at IS 'Moment of the confirmation page, UTC.';
COMMENT ON COLUMN sales.orders.updated_at IS 'Last change of any column.';


CREATE TABLE sales.order_lines (
    order_id         bigint         NOT NULL,
    line_no          smallint       NOT NULL,
    variant_id       integer        NOT NULL,
    quantity         integer        NOT NULL,
    unit_price       numeric(10,2)  NOT NULL,
    unit_cost        numeric(10,2),
    line_amount      numeric(12,2)  GENERATED ALWAYS AS (quantity * unit_price) STORED,
    is_gift_wrapped  boolean        NOT NULL DEFAULT false,
    CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, line_no),
    CONSTRAINT order_lines_quantity_check CHECK (quantity BETWEEN 1 AND 500),
    CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id)
        REFERENCES sales.orders (id) ON DELETE CASCADE,
    CONSTRAINT order_lines_variant_id_fkey FOREIGN KEY (variant_id)
        REFERENCES catalog.variants (id)
);

CREATE INDEX order_lines_variant_id_idx ON sales.order_lines (variant_id);

COMMENT ON TABLE sales.order_lines IS 'What was ordered. Prices are copied at the moment of the order.';
COMMENT ON COLUMN sales.order_lines.line_no IS 'Counts from 1 within the order.';
COMMENT ON COLUMN sales.order_lines.variant_id IS 'What was bought.';
COMMENT ON COLUMN sales.order_lines.quantity IS 'Pieces.';
COMMENT ON COLUMN sales.order_lines.unit_price IS 'Price of one piece in the order''s currency, VAT included.';
COMMENT ON COLUMN sales.order_lines.unit_cost IS 'Purchase cost of one piece in euros on that day. Null where the cost was unknown.';
COMMENT ON COLUMN sales.order_lines.line_amount IS 'Quantity times unit price, before the order''s discount.';
COMMENT ON COLUMN sales.order_lines.is_gift_wrapped IS 'True when the line is wrapped as a gift, free of charge.';


-- Money ---------------------------------------------------------------------------------------

CREATE TABLE sales.payments (
    id                  uuid                  NOT NULL DEFAULT gen_random_uuid(),
    order_id            bigint                NOT NULL,
    method              sales.payment_method  NOT NULL,
    status              sales.payment_status  NOT NULL DEFAULT 'authorised',
    amount              numeric(12,2)         NOT NULL,
    currency            char(3)               NOT NULL,
    provider_reference  text                  NOT NULL,
    attempted_at        timestamptz           NOT NULL,
    captured_at         timestamptz,
    CONSTRAINT payments_pkey PRIMARY KEY (id),
    CONSTRAINT payments_provider_reference_key UNIQUE (provider_reference),
    CONSTRAINT payments_amount_check CHECK (amount > 0),
    CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id)
        REFERENCES sales.orders (id)
);

CREATE INDEX payments_order_id_idx ON sales.payments (order_id);
CREATE INDEX payments_attempted_at_idx ON sales.payments USING brin (attempted_at);

COMMENT ON TABLE sales.payments IS 'Attempts to pay an order. An order can have failed attempts before the captured one.';
COMMENT ON COLUMN sales.payments.order_id IS 'Order that the attempt is for.';
COMMENT ON COLUMN sales.payments.method IS 'How the customer tried to pay.';
COMMENT ON COLUMN sales.payments.status IS 'Refunded as soon as any part was given back; see sales.refunds for how much.';
COMMENT ON COLUMN sales.payments.amount IS 'In the currency of the row, VAT included.';
COMMENT ON COLUMN sales.payments.currency IS 'ISO 4217 code, always that of the order.';
COMMENT ON COLUMN sales.payments.provider_reference IS 'Id at the payment provider, for disputes.';
COMMENT ON COLUMN sales.payments.attempted_at IS 'When the customer pressed the button.';
COMMENT ON COLUMN sales.payments.captured_at IS 'When the money was taken. Null for failed and open attempts.';


CREATE TABLE sales.refunds (
    id           bigserial,
    order_id     bigint         NOT NULL,
    line_no      smallint       NOT NULL,
    payment_id   uuid           NOT NULL,
    amount       numeric(12,2)  NOT NULL,
    reason       text           NOT NULL,
    handled_by   integer,
    refunded_at  timestamptz    NOT NULL,
    CONSTRAINT refunds_pkey PRIMARY KEY (id),
    CONSTRAINT refunds_amount_check CHECK (amount > 0),
    CONSTRAINT refunds_order_line_fkey FOREIGN KEY (order_id, line_no)
        REFERENCES sales.order_lines (order_id, line_no),
    CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (payment_id)
        REFERENCES sales.payments (id)
);

CREATE INDEX refunds_order_line_idx ON sales.refunds (order_id, line_no);
CREATE INDEX refunds_payment_id_idx ON sales.refunds (payment_id);
CREATE INDEX refunds_refunded_at_idx ON sales.refunds (refunded_at);

COMMENT ON TABLE sales.refunds IS 'Money given back, per order line. Shipping is refunded only for damaged goods.';
COMMENT ON COLUMN sales.refunds.payment_id IS 'Payment that the money goes back to.';
COMMENT ON COLUMN sales.refunds.amount IS 'In the currency of the payment.';
COMMENT ON COLUMN sales.refunds.reason IS 'One of damaged, wrong item, changed mind, late, other.';
COMMENT ON COLUMN sales.refunds.handled_by IS 'Employee who approved the refund. Null when it was automatic.';
COMMENT ON COLUMN sales.refunds.refunded_at IS 'When the money left our account. Reports book the refund on this day.';


CREATE TABLE sales.vouchers (
    code             varchar(20)   NOT NULL,
    description      text          NOT NULL,
    percent_off      numeric(4,1)  NOT NULL,
    valid_from       date          NOT NULL,
    valid_until      date,
    max_redemptions  integer,
    CONSTRAINT vouchers_pkey PRIMARY KEY (code),
    CONSTRAINT vouchers_percent_off_check CHECK (percent_off > 0 AND percent_off <= 50),
    CONSTRAINT vouchers_valid_range CHECK (valid_until IS NULL OR valid_until >= valid_from)
);

COMMENT ON TABLE sales.vouchers IS 'Voucher codes that customers enter at checkout.';
COMMENT ON COLUMN sales.vouchers.code IS 'Upper case, as printed.';
COMMENT ON COLUMN sales.vouchers.description IS 'What the voucher is for.';
COMMENT ON COLUMN sales.vouchers.percent_off IS 'Percent of the goods amount; never applies to shipping.';
COMMENT ON COLUMN sales.vouchers.valid_until IS 'Last day. Null means until further notice.';
COMMENT ON COLUMN sales.vouchers.max_redemptions IS 'How often the code may be used in all. Null means without limit.';


CREATE TABLE sales.order_vouchers (
    order_id      bigint         NOT NULL,
    voucher_code  varchar(20)    NOT NULL,
    amount        numeric(12,2)  NOT NULL,
    CONSTRAINT order_vouchers_pkey PRIMARY KEY (order_id, voucher_code),
    CONSTRAINT order_vouchers_order_id_fkey FOREIGN KEY (order_id)
        REFERENCES sales.orders (id) ON DELETE CASCADE,
    CONSTRAINT order_vouchers_voucher_code_fkey FOREIGN KEY (voucher_code)
        REFERENCES sales.vouchers (code) ON UPDATE CASCADE
);

CREATE INDEX order_vouchers_voucher_code_idx ON sales.order_vouchers (voucher_code);

COMMENT ON TABLE sales.order_vouchers IS 'Which vouchers were used on which order.';
COMMENT ON COLUMN sales.order_vouchers.amount IS 'Discount that this voucher gave, in the order''s currency.';


CREATE TABLE sales.sales_targets (
    month       date                 NOT NULL,
    channel     sales.order_channel  NOT NULL,
    target_eur  numeric(12,2)        NOT NULL,
    CONSTRAINT sales_targets_pkey PRIMARY KEY (month, channel),
    CONSTRAINT sales_targets_first_of_month CHECK (extract(day FROM month) = 1)
);

COMMENT ON TABLE sales.sales_targets IS 'Monthly revenue targets, agreed each quarter.';
COMMENT ON COLUMN sales.sales_targets.month IS 'First day of the month.';
COMMENT ON COLUMN sales.sales_targets.channel IS 'Channel that the target is for.';
COMMENT ON COLUMN sales.sales_targets.target_eur IS 'Revenue in euros, VAT included, cancelled orders left out.';


-- The catalog exists before the countries do, so its references to them are added here.

ALTER TABLE catalog.brands
    ADD CONSTRAINT brands_country_code_fkey FOREIGN KEY (country_code) REFERENCES sales.countries (code);

ALTER TABLE catalog.suppliers
    ADD CONSTRAINT suppliers_country_code_fkey FOREIGN KEY (country_code) REFERENCES sales.countries (code);

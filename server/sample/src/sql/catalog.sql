-- Catalog: what the shop sells, how it is grouped and priced, and who supplies it.

CREATE SCHEMA catalog;

COMMENT ON SCHEMA catalog IS 'Products, variants, prices and suppliers. Owned by the merchandising team.';

CREATE TYPE catalog.product_status AS ENUM (
    'draft',
    'active',
    'paused',
    'discontinued'
);

COMMENT ON TYPE catalog.product_status IS 'Life of a product. Paused products keep their page but cannot be bought.';

CREATE DOMAIN catalog.sku AS text
    CONSTRAINT sku_format CHECK (VALUE ~ '^[A-Z]{3}-[0-9]{4}-[A-Z0-9]{2}$');

COMMENT ON DOMAIN catalog.sku IS 'Stock keeping unit: category code, product number, option code. Example: MUG-0042-BL.';


-- Brands and categories -----------------------------------------------------------------------

CREATE TABLE catalog.brands (
    id            integer      GENERATED ALWAYS AS IDENTITY,
    name          varchar(80)  NOT NULL,
    country_code  char(2)      NOT NULL,
    website       text,
    founded_year  smallint,
    is_own_brand  boolean      NOT NULL DEFAULT false,
    CONSTRAINT brands_pkey PRIMARY KEY (id),
    CONSTRAINT brands_name_key UNIQUE (name),
    CONSTRAINT brands_founded_year_check CHECK (founded_year BETWEEN 1700 AND 2100)
);

CREATE INDEX brands_country_code_idx ON catalog.brands (country_code);

COMMENT ON TABLE catalog.brands IS 'Makers whose name is on the product. Our own labels are brands too.';
COMMENT ON COLUMN catalog.brands.name IS 'Name as printed on the product page.';
COMMENT ON COLUMN catalog.brands.country_code IS 'Country of the head office, not of production.';
COMMENT ON COLUMN catalog.brands.website IS 'Home page of the maker. Null when there is none.';
COMMENT ON COLUMN catalog.brands.founded_year IS 'Year from the brand''s own website; unverified.';
COMMENT ON COLUMN catalog.brands.is_own_brand IS 'True for labels that we design ourselves. Margin reports treat them apart.';


CREATE TABLE catalog.categories (
    id          integer      GENERATED ALWAYS AS IDENTITY,
    parent_id   integer,
    slug        text         NOT NULL,
    name        varchar(80)  NOT NULL,
    depth       smallint     NOT NULL DEFAULT 0,
    sort_order  smallint     NOT NULL DEFAULT 100,
    is_visible  boolean      NOT NULL DEFAULT true,
    CONSTRAINT categories_pkey PRIMARY KEY (id),
    CONSTRAINT categories_slug_key UNIQUE (slug),
    CONSTRAINT categories_depth_check CHECK (depth BETWEEN 0 AND 3),
    CONSTRAINT categories_not_own_parent CHECK (parent_id <> id),
    CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id)
        REFERENCES catalog.categories (id)
);

CREATE INDEX categories_parent_id_idx ON catalog.categories (parent_id);

COMMENT ON TABLE catalog.categories IS 'Category tree of the shop. Reports group by the top level, depth 0.';
COMMENT ON COLUMN catalog.categories.parent_id IS 'Category above; null at the top level.';
COMMENT ON COLUMN catalog.categories.slug IS 'Part of the page address. Never reused, even after a category is hidden.';
COMMENT ON COLUMN catalog.categories.name IS 'Name in the menu, in English.';
COMMENT ON COLUMN catalog.categories.depth IS 'Distance from the top: 0 for a room, 1 for a kind of product.';
COMMENT ON COLUMN catalog.categories.sort_order IS 'Order in the menu, lowest first.';
COMMENT ON COLUMN catalog.categories.is_visible IS 'False hides the category from the menu; its products stay on sale.';


-- Products ------------------------------------------------------------------------------------

CREATE TABLE catalog.products (
    id                 integer                 GENERATED ALWAYS AS IDENTITY,
    brand_id           integer                 NOT NULL,
    name               text                    NOT NULL,
    slug               text                    NOT NULL,
    status             catalog.product_status  NOT NULL DEFAULT 'draft',
    description        text,
    care_instructions  text,
    tags               text[]                  NOT NULL DEFAULT '{}',
    attributes         jsonb                   NOT NULL DEFAULT '{}',
    launched_on        date,
    created_at         timestamptz             NOT NULL DEFAULT now(),
    updated_at         timestamptz             NOT NULL DEFAULT now(),
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_slug_key UNIQUE (slug),
    CONSTRAINT products_attributes_is_object CHECK (jsonb_typeof(attributes) = 'object'),
    CONSTRAINT products_brand_id_fkey FOREIGN KEY (brand_id)
        REFERENCES catalog.brands (id)
);

CREATE INDEX products_brand_id_idx ON catalog.products (brand_id);
CREATE INDEX products_name_lower_idx ON catalog.products (lower(name));
CREATE INDEX products_tags_idx ON catalog.products USING gin (tags);
CREATE INDEX products_attributes_idx ON catalog.products USING gin (attributes jsonb_path_ops);
CREATE INDEX products_active_launched_idx ON catalog.products (launched_on DESC) WHERE status = 'active';

COMMENT ON TABLE catalog.products IS 'One row per product page. What a customer buys is a variant of it.';
COMMENT ON COLUMN catalog.products.brand_id IS 'Maker whose name is on the product.';
COMMENT ON COLUMN catalog.products.name IS 'Name on the product page, in English.';
COMMENT ON COLUMN catalog.products.slug IS 'Part of the page address.';
COMMENT ON COLUMN catalog.products.status IS 'Only active products can be bought.';
COMMENT ON COLUMN catalog.products.description IS 'Text of the product page, without markup.';
COMMENT ON COLUMN catalog.products.care_instructions IS 'Planned for textiles and started in 2024; hardly any product has it. Do not rely on it.';
COMMENT ON COLUMN catalog.products.tags IS 'Free labels of the merchandising team, lower case. Example: {gift,dishwasher-safe}.';
COMMENT ON COLUMN catalog.products.attributes IS 'Facts that differ by kind of product, such as material and capacity_ml. Keys are not fixed.';
COMMENT ON COLUMN catalog.products.launched_on IS 'First day on sale. Null while the product is a draft.';
COMMENT ON COLUMN catalog.products.updated_at IS 'Last change of any column, by people or by the nightly import.';


CREATE TABLE catalog.product_details (
    product_id       integer       NOT NULL,
    weight_grams     integer       NOT NULL,
    length_mm        integer,
    width_mm         integer,
    height_mm        integer,
    origin_country   char(2),
    customs_code     varchar(12),
    warranty_months  smallint      NOT NULL DEFAULT 24,
    CONSTRAINT product_details_pkey PRIMARY KEY (product_id),
    CONSTRAINT product_details_weight_grams_check CHECK (weight_grams > 0),
    CONSTRAINT product_details_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES catalog.products (id) ON DELETE CASCADE
);

COMMENT ON TABLE catalog.product_details IS 'Physical facts of a product, one row per product. Apart from products because the warehouse maintains them.';
COMMENT ON COLUMN catalog.product_details.weight_grams IS 'Weight with packaging, in grams.';
COMMENT ON COLUMN catalog.product_details.length_mm IS 'Longest side of the packaging, in millimetres.';
COMMENT ON COLUMN catalog.product_details.width_mm IS 'Middle side of the packaging, in millimetres.';
COMMENT ON COLUMN catalog.product_details.height_mm IS 'Shortest side of the packaging, in millimetres.';
COMMENT ON COLUMN catalog.product_details.origin_country IS 'Country of production, ISO 3166 alpha-2.';
COMMENT ON COLUMN catalog.product_details.customs_code IS 'Combined Nomenclature code for exports.';
COMMENT ON COLUMN catalog.product_details.warranty_months IS 'Months of warranty; 24 is the legal minimum in the EU.';


CREATE TABLE catalog.product_categories (
    product_id   integer  NOT NULL,
    category_id  integer  NOT NULL,
    is_primary   boolean  NOT NULL DEFAULT false,
    CONSTRAINT product_categories_pkey PRIMARY KEY (product_id, category_id),
    CONSTRAINT product_categories_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES catalog.products (id) ON DELETE CASCADE,
    CONSTRAINT product_categories_category_id_fkey FOREIGN KEY (category_id)
        REFERENCES catalog.categories (id)
);

CREATE INDEX product_categories_category_id_idx ON catalog.product_categories (category_id);
CREATE UNIQUE INDEX product_categories_one_primary ON catalog.product_categories (product_id) WHERE is_primary;

COMMENT ON TABLE catalog.product_categories IS 'Which categories list which product. A product has exactly one primary category.';
COMMENT ON COLUMN catalog.product_categories.is_primary IS 'The category that revenue counts for. Filter on it, or sums count products twice.';


-- Variants and prices -------------------------------------------------------------------------

CREATE TABLE catalog.variants (
    id           integer        GENERATED ALWAYS AS IDENTITY,
    product_id   integer        NOT NULL,
    sku          catalog.sku    NOT NULL,
    barcode      varchar(13),
    option_name  text           NOT NULL,
    list_price   numeric(10,2)  NOT NULL,
    unit_cost    numeric(10,2),
    is_active    boolean        NOT NULL DEFAULT true,
    created_at   timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT variants_pkey PRIMARY KEY (id),
    CONSTRAINT variants_sku_key UNIQUE (sku),
    CONSTRAINT variants_barcode_key UNIQUE (barcode),
    CONSTRAINT variants_list_price_check CHECK (list_price > 0),
    CONSTRAINT variants_sold_above_nothing CHECK (unit_cost IS NULL OR unit_cost >= 0),
    CONSTRAINT variants_product_id_fkey FOREIGN KEY (product_id)
        REFERENCES catalog.products (id)
);

CREATE INDEX variants_product_id_idx ON catalog.variants (product_id);

COMMENT ON TABLE catalog.variants IS 'What a customer buys and the warehouse counts: a product in one colour or size.';
COMMENT ON COLUMN catalog.variants.product_id IS 'Page that the variant is sold on.';
COMMENT ON COLUMN catalog.variants.sku IS 'Our own article code, also printed on the shelf label.';
COMMENT ON COLUMN catalog.variants.barcode IS 'EAN-13 from the maker. Null for hand-made goods.';
COMMENT ON COLUMN catalog.variants.option_name IS 'Colour or size, such as "moss".';
COMMENT ON COLUMN catalog.variants.list_price IS 'Today''s price in euros, VAT included. For past prices see catalog.price_changes.';
COMMENT ON COLUMN catalog.variants.unit_cost IS 'Latest purchase cost in euros, VAT excluded, freight excluded.';
COMMENT ON COLUMN catalog.variants.is_active IS 'False when the variant is sold out for good.';
COMMENT ON COLUMN catalog.variants.created_at IS 'When the variant was first planned, long before it was on sale.';


CREATE TABLE catalog.price_changes (
    variant_id  integer        NOT NULL,
    valid_from  date           NOT NULL,
    list_price  numeric(10,2)  NOT NULL,
    reason      text           NOT NULL DEFAULT 'review',
    CONSTRAINT price_changes_pkey PRIMARY KEY (variant_id, valid_from),
    CONSTRAINT price_changes_reason_check CHECK (reason IN ('launch', 'review', 'sale', 'cost')),
    CONSTRAINT price_changes_variant_id_fkey FOREIGN KEY (variant_id)
        REFERENCES catalog.variants (id) ON DELETE CASCADE
);

COMMENT ON TABLE catalog.price_changes IS 'History of list prices. A price holds until the next row of the same variant.';
COMMENT ON COLUMN catalog.price_changes.valid_from IS 'First day of the price, in the time zone of the head office.';
COMMENT ON COLUMN catalog.price_changes.list_price IS 'In euros. Excludes VAT before 2023, includes it since.';
COMMENT ON COLUMN catalog.price_changes.reason IS 'Why the price changed: launch, review, sale or cost.';


-- Suppliers -----------------------------------------------------------------------------------

CREATE TABLE catalog.suppliers (
    id                  serial,
    name                varchar(120)  NOT NULL,
    country_code        char(2)       NOT NULL,
    contact_email       text,
    lead_time_days      smallint      NOT NULL,
    payment_terms_days  smallint      NOT NULL DEFAULT 30,
    certificates        text[]        NOT NULL DEFAULT '{}',
    is_active           boolean       NOT NULL DEFAULT true,
    CONSTRAINT suppliers_pkey PRIMARY KEY (id),
    CONSTRAINT suppliers_name_key UNIQUE (name),
    CONSTRAINT suppliers_lead_time_days_check CHECK (lead_time_days BETWEEN 1 AND 200)
);

CREATE INDEX suppliers_country_code_idx ON catalog.suppliers (country_code);

COMMENT ON TABLE catalog.suppliers IS 'Companies that we buy from. A supplier can carry several brands.';
COMMENT ON COLUMN catalog.suppliers.country_code IS 'Country that goods are sent from.';
COMMENT ON COLUMN catalog.suppliers.contact_email IS 'Where purchase orders are mailed to.';
COMMENT ON COLUMN catalog.suppliers.lead_time_days IS 'Agreed days from purchase order to arrival. For what really happens compare logistics.purchase_orders.';
COMMENT ON COLUMN catalog.suppliers.payment_terms_days IS 'Days until an invoice is due.';
COMMENT ON COLUMN catalog.suppliers.certificates IS 'Short codes of valid certificates, such as {fsc,oeko-tex}.';
COMMENT ON COLUMN catalog.suppliers.is_active IS 'False when we stopped buying there. Old purchase orders stay.';


CREATE TABLE catalog.supplier_offers (
    supplier_id   integer        NOT NULL,
    variant_id    integer        NOT NULL,
    unit_cost     numeric(10,2)  NOT NULL,
    min_quantity  integer        NOT NULL DEFAULT 1,
    is_preferred  boolean        NOT NULL DEFAULT false,
    quoted_on     date           NOT NULL,
    CONSTRAINT supplier_offers_pkey PRIMARY KEY (supplier_id, variant_id),
    CONSTRAINT supplier_offers_min_quantity_check CHECK (min_quantity > 0),
    CONSTRAINT supplier_offers_supplier_id_fkey FOREIGN KEY (supplier_id)
        REFERENCES catalog.suppliers (id),
    CONSTRAINT supplier_offers_variant_id_fkey FOREIGN KEY (variant_id)
        REFERENCES catalog.variants (id) ON DELETE CASCADE
);

CREATE INDEX supplier_offers_variant_id_idx ON catalog.supplier_offers (variant_id);
CREATE UNIQUE INDEX supplier_offers_one_preferred ON catalog.supplier_offers (variant_id) WHERE is_preferred;

COMMENT ON TABLE catalog.supplier_offers IS 'Which supplier offers which variant, and at what cost.';
COMMENT ON COLUMN catalog.supplier_offers.supplier_id IS 'Who offers.';
COMMENT ON COLUMN catalog.supplier_offers.variant_id IS 'What is offered.';
COMMENT ON COLUMN catalog.supplier_offers.unit_cost IS 'Quoted cost in euros, VAT and freight excluded.';
COMMENT ON COLUMN catalog.supplier_offers.min_quantity IS 'Smallest order the supplier accepts, in pieces.';
COMMENT ON COLUMN catalog.supplier_offers.is_preferred IS 'The offer that replenishment uses; at most one per variant.';
COMMENT ON COLUMN catalog.supplier_offers.quoted_on IS 'Day of the quote. Quotes older than a year need a new round.';

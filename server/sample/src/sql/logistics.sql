-- Logistics: where goods lie, how they arrive and how they leave.

CREATE SCHEMA logistics;

COMMENT ON SCHEMA logistics IS 'Warehouses, stock, purchase orders and shipments. Owned by the supply chain team.';

CREATE TYPE logistics.movement_kind AS ENUM ('receipt', 'sale', 'return', 'transfer', 'correction');
CREATE TYPE logistics.purchase_status AS ENUM ('draft', 'sent', 'confirmed', 'received', 'cancelled');
CREATE TYPE logistics.shipment_status AS ENUM ('packed', 'in_transit', 'delivered', 'lost', 'sent_back');

COMMENT ON TYPE logistics.movement_kind IS 'Why stock changed. Corrections come from counting the shelves.';


-- Places --------------------------------------------------------------------------------------

CREATE TABLE logistics.warehouses (
    id            smallserial,
    code          char(3)      NOT NULL,
    name          varchar(80)  NOT NULL,
    country_code  char(2)      NOT NULL,
    postcode      integer      NOT NULL,
    manager_id    integer,
    opened_on     date         NOT NULL,
    CONSTRAINT warehouses_pkey PRIMARY KEY (id),
    CONSTRAINT warehouses_code_key UNIQUE (code),
    CONSTRAINT warehouses_country_code_fkey FOREIGN KEY (country_code)
        REFERENCES sales.countries (code),
    CONSTRAINT warehouses_manager_id_fkey FOREIGN KEY (manager_id)
        REFERENCES sales.employees (id) ON DELETE SET NULL
);

CREATE INDEX warehouses_country_code_idx ON logistics.warehouses (country_code);
CREATE INDEX warehouses_manager_id_idx ON logistics.warehouses (manager_id);

COMMENT ON TABLE logistics.warehouses IS 'Our own warehouses and the stock room of the store.';
COMMENT ON COLUMN logistics.warehouses.code IS 'Three letters, used on labels and in file names.';
COMMENT ON COLUMN logistics.warehouses.postcode IS 'A number since the first release; customer postcodes are text.';
COMMENT ON COLUMN logistics.warehouses.manager_id IS 'Employee in charge of the shift plan.';
COMMENT ON COLUMN logistics.warehouses.opened_on IS 'Day the first parcel left.';


CREATE TABLE logistics.bins (
    warehouse_id     smallint     NOT NULL,
    bin_code         varchar(10)  NOT NULL,
    zone             char(1)      NOT NULL,
    capacity_litres  integer      NOT NULL,
    is_heated        boolean      NOT NULL DEFAULT false,
    CONSTRAINT bins_pkey PRIMARY KEY (warehouse_id, bin_code),
    CONSTRAINT bins_capacity_litres_check CHECK (capacity_litres > 0),
    CONSTRAINT bins_warehouse_id_fkey FOREIGN KEY (warehouse_id)
        REFERENCES logistics.warehouses (id)
);

COMMENT ON TABLE logistics.bins IS 'Shelf places. A code is unique within its warehouse only.';
COMMENT ON COLUMN logistics.bins.bin_code IS 'Zone, aisle and level. Example: B-07-2.';
COMMENT ON COLUMN logistics.bins.zone IS 'A is nearest to the packing tables, D is farthest.';
COMMENT ON COLUMN logistics.bins.capacity_litres IS 'Usable volume in litres.';
COMMENT ON COLUMN logistics.bins.is_heated IS 'True for places that stay above 12 degrees.';


-- Stock ---------------------------------------------------------------------------------------

CREATE TABLE logistics.stock_levels (
    warehouse_id   smallint     NOT NULL,
    variant_id     integer      NOT NULL,
    bin_code       varchar(10),
    on_hand        integer      NOT NULL DEFAULT 0,
    reserved       integer      NOT NULL DEFAULT 0,
    reorder_point  integer      NOT NULL DEFAULT 0,
    counted_at     timestamptz,
    CONSTRAINT stock_levels_pkey PRIMARY KEY (warehouse_id, variant_id),
    CONSTRAINT stock_levels_reserved_check CHECK (reserved BETWEEN 0 AND on_hand),
    CONSTRAINT stock_levels_warehouse_id_fkey FOREIGN KEY (warehouse_id)
        REFERENCES logistics.warehouses (id),
    CONSTRAINT stock_levels_variant_id_fkey FOREIGN KEY (variant_id)
        REFERENCES catalog.variants (id),
    CONSTRAINT stock_levels_bin_fkey FOREIGN KEY (warehouse_id, bin_code)
        REFERENCES logistics.bins (warehouse_id, bin_code)
);

CREATE INDEX stock_levels_variant_id_idx ON logistics.stock_levels (variant_id);
CREATE INDEX stock_levels_bin_idx ON logistics.stock_levels (warehouse_id, bin_code);
CREATE INDEX stock_levels_to_reorder_idx ON logistics.stock_levels (variant_id) WHERE on_hand <= reorder_point;

COMMENT ON TABLE logistics.stock_levels IS 'Stock right now, per warehouse and variant. For the past add up logistics.stock_movements.';
COMMENT ON COLUMN logistics.stock_levels.variant_id IS 'What is counted.';
COMMENT ON COLUMN logistics.stock_levels.bin_code IS 'Main place on the shelves. Null for goods that stand on the floor.';
COMMENT ON COLUMN logistics.stock_levels.on_hand IS 'Pieces on the shelf, reserved ones included.';
COMMENT ON COLUMN logistics.stock_levels.reserved IS 'Pieces that belong to paid orders and are not packed yet.';
COMMENT ON COLUMN logistics.stock_levels.reorder_point IS 'At or below this number a purchase order is due.';
COMMENT ON COLUMN logistics.stock_levels.counted_at IS 'Last time that somebody counted the shelf. Null if never.';


CREATE TABLE logistics.stock_movements (
    id            bigint                   GENERATED BY DEFAULT AS IDENTITY,
    warehouse_id  smallint                 NOT NULL,
    variant_id    integer                  NOT NULL,
    kind          logistics.movement_kind  NOT NULL,
    quantity      integer                  NOT NULL,
    order_number  text,
    note          text,
    moved_at      timestamptz              NOT NULL,
    CONSTRAINT stock_movements_pkey PRIMARY KEY (id),
    CONSTRAINT stock_movements_quantity_check CHECK (quantity <> 0),
    CONSTRAINT stock_movements_warehouse_id_fkey FOREIGN KEY (warehouse_id)
        REFERENCES logistics.warehouses (id),
    CONSTRAINT stock_movements_variant_id_fkey FOREIGN KEY (variant_id)
        REFERENCES catalog.variants (id)
);

CREATE INDEX stock_movements_warehouse_moved_idx ON logistics.stock_movements (warehouse_id, moved_at);

COMMENT ON TABLE logistics.stock_movements IS 'Every change of stock since the scanners came. Rows are never changed or deleted.';
COMMENT ON COLUMN logistics.stock_movements.variant_id IS 'What moved.';
COMMENT ON COLUMN logistics.stock_movements.kind IS 'Why it moved.';
COMMENT ON COLUMN logistics.stock_movements.quantity IS 'Pieces: positive when stock grows, negative when it shrinks.';
COMMENT ON COLUMN logistics.stock_movements.order_number IS 'Number of the customer''s order for sales and returns, as scanned from the slip. Null otherwise.';
COMMENT ON COLUMN logistics.stock_movements.note IS 'Free text of the person at the scanner.';
COMMENT ON COLUMN logistics.stock_movements.moved_at IS 'Moment of the scan, UTC.';


-- Arriving goods ------------------------------------------------------------------------------

CREATE TABLE logistics.purchase_orders (
    id            integer                    GENERATED ALWAYS AS IDENTITY,
    po_number     text                       NOT NULL,
    supplier_id   integer                    NOT NULL,
    warehouse_id  smallint                   NOT NULL,
    buyer_id      integer                    NOT NULL,
    status        logistics.purchase_status  NOT NULL DEFAULT 'draft',
    ordered_on    date                       NOT NULL,
    expected_on   date                       NOT NULL,
    received_on   date,
    freight_cost  numeric(10,2),
    CONSTRAINT purchase_orders_pkey PRIMARY KEY (id),
    CONSTRAINT purchase_orders_po_number_key UNIQUE (po_number),
    CONSTRAINT purchase_orders_expected_later CHECK (expected_on >= ordered_on),
    CONSTRAINT purchase_orders_received_status CHECK ((status = 'received') = (received_on IS NOT NULL)),
    CONSTRAINT purchase_orders_supplier_id_fkey FOREIGN KEY (supplier_id)
        REFERENCES catalog.suppliers (id),
    CONSTRAINT purchase_orders_warehouse_id_fkey FOREIGN KEY (warehouse_id)
        REFERENCES logistics.warehouses (id),
    CONSTRAINT purchase_orders_buyer_id_fkey FOREIGN KEY (buyer_id)
        REFERENCES sales.employees (id)
);

CREATE INDEX purchase_orders_supplier_id_idx ON logistics.purchase_orders (supplier_id);
CREATE INDEX purchase_orders_warehouse_id_idx ON logistics.purchase_orders (warehouse_id);
CREATE INDEX purchase_orders_buyer_id_idx ON logistics.purchase_orders (buyer_id);
CREATE INDEX purchase_orders_open_idx ON logistics.purchase_orders (expected_on) WHERE status IN ('sent', 'confirmed');

COMMENT ON TABLE logistics.purchase_orders IS 'Orders that we place at suppliers.';
COMMENT ON COLUMN logistics.purchase_orders.po_number IS 'On every paper that goes with the delivery. Example: PO-2041.';
COMMENT ON COLUMN logistics.purchase_orders.supplier_id IS 'Who delivers.';
COMMENT ON COLUMN logistics.purchase_orders.warehouse_id IS 'Where the goods go.';
COMMENT ON COLUMN logistics.purchase_orders.buyer_id IS 'Employee who placed the order.';
COMMENT ON COLUMN logistics.purchase_orders.status IS 'Received means complete; partly received orders stay confirmed.';
COMMENT ON COLUMN logistics.purchase_orders.ordered_on IS 'Day the order was mailed.';
COMMENT ON COLUMN logistics.purchase_orders.expected_on IS 'Day the supplier promised. Lateness is measured against it.';
COMMENT ON COLUMN logistics.purchase_orders.received_on IS 'Day the last pallet was checked in.';
COMMENT ON COLUMN logistics.purchase_orders.freight_cost IS 'In euros, VAT excluded. Known only after the forwarder''s invoice.';


CREATE TABLE logistics.purchase_order_lines (
    purchase_order_id  integer        NOT NULL,
    line_no            smallint       NOT NULL,
    variant_id         integer        NOT NULL,
    quantity           integer        NOT NULL,
    quantity_received  integer        NOT NULL DEFAULT 0,
    unit_cost          numeric(10,2)  NOT NULL,
    CONSTRAINT purchase_order_lines_pkey PRIMARY KEY (purchase_order_id, line_no),
    CONSTRAINT purchase_order_lines_one_per_variant UNIQUE (purchase_order_id, variant_id),
    CONSTRAINT purchase_order_lines_quantity_check CHECK (quantity > 0 AND quantity_received >= 0),
    CONSTRAINT purchase_order_lines_purchase_order_id_fkey FOREIGN KEY (purchase_order_id)
        REFERENCES logistics.purchase_orders (id) ON DELETE CASCADE,
    CONSTRAINT purchase_order_lines_variant_id_fkey FOREIGN KEY (variant_id)
        REFERENCES catalog.variants (id)
);

CREATE INDEX purchase_order_lines_variant_id_idx ON logistics.purchase_order_lines (variant_id);

COMMENT ON TABLE logistics.purchase_order_lines IS 'What was ordered at a supplier, one line per variant.';
COMMENT ON COLUMN logistics.purchase_order_lines.quantity IS 'Pieces ordered.';
COMMENT ON COLUMN logistics.purchase_order_lines.quantity_received IS 'Pieces accepted at the gate. More than ordered happens and is kept.';
COMMENT ON COLUMN logistics.purchase_order_lines.unit_cost IS 'Agreed cost of one piece in euros, VAT excluded.';


-- Leaving goods -------------------------------------------------------------------------------

CREATE TABLE logistics.carriers (
    code           varchar(12)  NOT NULL,
    name           varchar(60)  NOT NULL,
    tracking_url   text,
    countries      char(2)[]    NOT NULL DEFAULT '{}',
    max_weight_kg  numeric(5,1),
    CONSTRAINT carriers_pkey PRIMARY KEY (code),
    CONSTRAINT carriers_name_key UNIQUE (name)
);

COMMENT ON TABLE logistics.carriers IS 'Parcel services that we have a contract with.';
COMMENT ON COLUMN logistics.carriers.code IS 'Short name, in lower case.';
COMMENT ON COLUMN logistics.carriers.tracking_url IS 'Address of the tracking page; %s stands for the tracking number.';
COMMENT ON COLUMN logistics.carriers.countries IS 'Countries served under the current contract.';
COMMENT ON COLUMN logistics.carriers.max_weight_kg IS 'Heaviest parcel, in kilograms.';


CREATE TABLE logistics.shipments (
    id               bigint                     GENERATED ALWAYS AS IDENTITY,
    order_id         bigint                     NOT NULL,
    warehouse_id     smallint                   NOT NULL,
    carrier_code     varchar(12)                NOT NULL,
    tracking_number  text,
    status           logistics.shipment_status  NOT NULL DEFAULT 'packed',
    packed_by        integer,
    weight_grams     integer,
    cost_eur         numeric(8,2),
    shipped_at       timestamptz,
    delivered_at     timestamptz,
    CONSTRAINT shipments_pkey PRIMARY KEY (id),
    CONSTRAINT shipments_id_order_id_key UNIQUE (id, order_id),
    CONSTRAINT shipments_delivered_after_shipped CHECK (delivered_at >= shipped_at),
    CONSTRAINT shipments_order_id_fkey FOREIGN KEY (order_id)
        REFERENCES sales.orders (id),
    CONSTRAINT shipments_warehouse_id_fkey FOREIGN KEY (warehouse_id)
        REFERENCES logistics.warehouses (id),
    CONSTRAINT shipments_carrier_code_fkey FOREIGN KEY (carrier_code)
        REFERENCES logistics.carriers (code)
);

CREATE INDEX shipments_order_id_idx ON logistics.shipments (order_id);
CREATE INDEX shipments_warehouse_id_idx ON logistics.shipments (warehouse_id);
CREATE INDEX shipments_carrier_code_idx ON logistics.shipments (carrier_code, shipped_at);
CREATE UNIQUE INDEX shipments_tracking_key ON logistics.shipments (carrier_code, tracking_number)
    WHERE tracking_number IS NOT NULL;

COMMENT ON TABLE logistics.shipments IS 'Parcels. An order has one, or more when its goods lie in different warehouses.';
COMMENT ON COLUMN logistics.shipments.order_id IS 'Order that is in the parcel.';
COMMENT ON COLUMN logistics.shipments.warehouse_id IS 'Where the parcel was packed.';
COMMENT ON COLUMN logistics.shipments.tracking_number IS 'Number of the carrier, null until the label is printed.';
COMMENT ON COLUMN logistics.shipments.status IS 'Last scan of the carrier.';
COMMENT ON COLUMN logistics.shipments.packed_by IS 'Badge of the packer, which is the employee id.';
COMMENT ON COLUMN logistics.shipments.weight_grams IS 'Weight on the scale of the packing table, in grams.';
COMMENT ON COLUMN logistics.shipments.cost_eur IS 'What the carrier charges, VAT excluded. An estimate until the monthly invoice.';
COMMENT ON COLUMN logistics.shipments.shipped_at IS 'When the carrier took the parcel. Null while it waits.';
COMMENT ON COLUMN logistics.shipments.delivered_at IS 'First successful delivery scan. Carriers report it up to two days late.';


CREATE TABLE logistics.shipment_lines (
    shipment_id  bigint    NOT NULL,
    order_id     bigint    NOT NULL,
    line_no      smallint  NOT NULL,
    quantity     integer   NOT NULL,
    CONSTRAINT shipment_lines_pkey PRIMARY KEY (shipment_id, order_id, line_no),
    CONSTRAINT shipment_lines_quantity_check CHECK (quantity > 0),
    CONSTRAINT shipment_lines_shipment_fkey FOREIGN KEY (shipment_id, order_id)
        REFERENCES logistics.shipments (id, order_id) ON DELETE CASCADE,
    CONSTRAINT shipment_lines_order_line_fkey FOREIGN KEY (order_id, line_no)
        REFERENCES sales.order_lines (order_id, line_no)
);

CREATE INDEX shipment_lines_order_line_idx ON logistics.shipment_lines (order_id, line_no);

COMMENT ON TABLE logistics.shipment_lines IS 'Which order lines are in which parcel. Both keys carry the order, so a parcel cannot hold lines of another order.';
COMMENT ON COLUMN logistics.shipment_lines.quantity IS 'Pieces of the order line in this parcel.';


CREATE TABLE logistics.carrier_rate_import (
    carrier        text,
    zone           text,
    weight_up_to   text,
    price          text,
    valid_from     text,
    imported_at    timestamptz  DEFAULT now()
);

COMMENT ON TABLE logistics.carrier_rate_import IS 'Price lists of carriers exactly as mailed, one row per line of the sheet. Everything is text; nothing is checked.';
COMMENT ON COLUMN logistics.carrier_rate_import.price IS 'As in the sheet: with currency sign, sometimes with a decimal comma.';
COMMENT ON COLUMN logistics.carrier_rate_import.valid_from IS 'As in the sheet, mostly day, month, year.';
COMMENT ON COLUMN logistics.carrier_rate_import.imported_at IS 'When the sheet was loaded.';

/** Types, schemas and tables of the shop, before the rows come. Run by the owner, `app_rw`. */
export const TABLES_SQL = `
CREATE SCHEMA billing;
CREATE SCHEMA support;
CREATE SCHEMA internal;
COMMENT ON SCHEMA public IS 'The shop: customers, products, orders';
COMMENT ON SCHEMA billing IS 'Payments, invoices, refunds';
COMMENT ON SCHEMA support IS 'The support desk';
COMMENT ON SCHEMA internal IS 'Not for agents';

CREATE TYPE public.loyalty_tier AS ENUM ('none', 'bronze', 'silver', 'gold');
CREATE TYPE public.order_status AS ENUM ('new', 'paid', 'packed', 'shipped', 'delivered', 'returned', 'cancelled');
CREATE TYPE public.address_kind AS ENUM ('home', 'work', 'billing', 'gift');
CREATE TYPE billing.card_brand AS ENUM ('visa', 'mastercard', 'amex', 'discover');
CREATE TYPE billing.payment_status AS ENUM ('authorised', 'captured', 'failed', 'refunded');
CREATE TYPE support.ticket_state AS ENUM ('open', 'waiting', 'solved');

CREATE TABLE public.customers (
  id integer NOT NULL, name text NOT NULL, email text NOT NULL, phone text, ssn text, born date, city text NOT NULL, country char(2) NOT NULL,
  tier public.loyalty_tier NOT NULL DEFAULT 'none', tags text[] NOT NULL DEFAULT '{}', preferences jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE public.addresses (
  id integer NOT NULL, customer_id integer NOT NULL, kind public.address_kind NOT NULL, line1 text NOT NULL, line2 text, city text NOT NULL,
  region text NOT NULL, postcode text NOT NULL, country char(2) NOT NULL);
CREATE TABLE public.categories (id integer NOT NULL, parent_id integer, slug text NOT NULL, name text NOT NULL);
CREATE TABLE public.products (
  id integer NOT NULL, sku text NOT NULL, name text NOT NULL, description text NOT NULL, category_id integer NOT NULL,
  price numeric(10,2) NOT NULL, attributes jsonb NOT NULL, tags text[] NOT NULL, active boolean NOT NULL);
CREATE TABLE public.stock (product_id integer NOT NULL, warehouse text NOT NULL, quantity integer NOT NULL, counted_at timestamptz NOT NULL);
CREATE TABLE public.orders (
  id integer NOT NULL, customer_id integer NOT NULL, address_id integer NOT NULL, status public.order_status NOT NULL,
  total numeric(12,2) NOT NULL, note text, placed_at timestamptz NOT NULL, updated_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE public.order_items (
  order_id integer NOT NULL, line smallint NOT NULL, product_id integer NOT NULL, quantity integer NOT NULL, unit_price numeric(10,2) NOT NULL);
CREATE TABLE public.carts (
  id integer NOT NULL, customer_id integer NOT NULL, items jsonb NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE public.reviews (
  id integer NOT NULL, product_id integer NOT NULL, customer_id integer NOT NULL, stars smallint NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE public.support_tickets (
  id integer NOT NULL, customer_id integer NOT NULL, order_id integer, subject text NOT NULL, body text NOT NULL,
  state support.ticket_state NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE public.page_views (
  id bigint NOT NULL, customer_id integer, path text NOT NULL, agent text NOT NULL, seen_at timestamptz NOT NULL) PARTITION BY RANGE (seen_at);

CREATE TABLE billing.payments (
  id integer NOT NULL, order_id integer NOT NULL, customer_id integer NOT NULL, brand billing.card_brand NOT NULL, card text NOT NULL,
  amount numeric(12,2) NOT NULL, status billing.payment_status NOT NULL, gateway_ref text NOT NULL, paid_at timestamptz NOT NULL);
CREATE TABLE billing.invoices (
  id integer NOT NULL, order_id integer NOT NULL, number text NOT NULL, total numeric(12,2) NOT NULL, tax numeric(12,2) NOT NULL, issued_on date NOT NULL, due_on date NOT NULL);
CREATE TABLE billing.refunds (id integer NOT NULL, payment_id integer NOT NULL, amount numeric(12,2) NOT NULL, reason text NOT NULL, made_at timestamptz NOT NULL);

CREATE TABLE support.staff (id integer NOT NULL, staff_no text NOT NULL, name text NOT NULL, email text NOT NULL, languages text[] NOT NULL);
CREATE TABLE support.replies (id integer NOT NULL, ticket_id integer NOT NULL, staff_id integer NOT NULL, body text NOT NULL, created_at timestamptz NOT NULL);

CREATE TABLE internal.api_keys (id integer NOT NULL, service text NOT NULL, secret text NOT NULL, scopes text[] NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE internal.salaries (staff_id integer NOT NULL, salary numeric(10,2) NOT NULL, since date NOT NULL);
CREATE TABLE internal.changes (id bigint GENERATED ALWAYS AS IDENTITY, relation text NOT NULL, row_id integer NOT NULL, what text NOT NULL, at timestamptz NOT NULL DEFAULT now());
`

/** Partitions of `page_views`, one for each month from the first to the last row's. */
export function partitionsSql(from: Date, to: Date): string {
  const statements: string[] = []
  for (let at = monthOf(from); at <= to; at = nextMonth(at)) {
    const name = `page_views_${at.getUTCFullYear()}_${String(at.getUTCMonth() + 1).padStart(2, '0')}`
    statements.push(
      `CREATE TABLE public.${name} PARTITION OF public.page_views FOR VALUES FROM ('${at.toISOString()}') TO ('${nextMonth(at).toISOString()}');`,
    )
  }
  statements.push('CREATE TABLE public.page_views_later PARTITION OF public.page_views DEFAULT;')
  return statements.join('\n')
}

const monthOf = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1))
const nextMonth = (at: Date): Date => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))

/** Keys, indexes, views, the trigger and the function: after the rows, since that is faster. */
export const AFTER_SQL = `
ALTER TABLE public.customers ADD PRIMARY KEY (id), ADD UNIQUE (email);
ALTER TABLE public.addresses ADD PRIMARY KEY (id);
ALTER TABLE public.categories ADD PRIMARY KEY (id), ADD UNIQUE (slug);
ALTER TABLE public.products ADD PRIMARY KEY (id), ADD UNIQUE (sku), ADD CHECK (price > 0);
ALTER TABLE public.stock ADD PRIMARY KEY (product_id, warehouse), ADD CHECK (quantity >= 0);
ALTER TABLE public.orders ADD PRIMARY KEY (id);
ALTER TABLE public.order_items ADD PRIMARY KEY (order_id, line);
ALTER TABLE public.carts ADD PRIMARY KEY (id);
ALTER TABLE public.reviews ADD PRIMARY KEY (id), ADD CHECK (stars BETWEEN 1 AND 5);
ALTER TABLE public.support_tickets ADD PRIMARY KEY (id);
ALTER TABLE public.page_views ADD PRIMARY KEY (id, seen_at);
ALTER TABLE billing.payments ADD PRIMARY KEY (id), ADD UNIQUE (gateway_ref);
ALTER TABLE billing.invoices ADD PRIMARY KEY (id), ADD UNIQUE (number);
ALTER TABLE billing.refunds ADD PRIMARY KEY (id);
ALTER TABLE support.staff ADD PRIMARY KEY (id), ADD UNIQUE (staff_no);
ALTER TABLE support.replies ADD PRIMARY KEY (id);
ALTER TABLE internal.api_keys ADD PRIMARY KEY (id);
ALTER TABLE internal.salaries ADD PRIMARY KEY (staff_id);
ALTER TABLE internal.changes ADD PRIMARY KEY (id);

ALTER TABLE public.addresses ADD FOREIGN KEY (customer_id) REFERENCES public.customers;
ALTER TABLE public.categories ADD FOREIGN KEY (parent_id) REFERENCES public.categories;
ALTER TABLE public.products ADD FOREIGN KEY (category_id) REFERENCES public.categories;
ALTER TABLE public.stock ADD FOREIGN KEY (product_id) REFERENCES public.products;
ALTER TABLE public.orders ADD FOREIGN KEY (customer_id) REFERENCES public.customers, ADD FOREIGN KEY (address_id) REFERENCES public.addresses;
ALTER TABLE public.order_items ADD FOREIGN KEY (order_id) REFERENCES public.orders, ADD FOREIGN KEY (product_id) REFERENCES public.products;
ALTER TABLE public.carts ADD FOREIGN KEY (customer_id) REFERENCES public.customers;
ALTER TABLE public.reviews ADD FOREIGN KEY (product_id) REFERENCES public.products, ADD FOREIGN KEY (customer_id) REFERENCES public.customers;
ALTER TABLE public.support_tickets ADD FOREIGN KEY (customer_id) REFERENCES public.customers, ADD FOREIGN KEY (order_id) REFERENCES public.orders;
ALTER TABLE public.page_views ADD FOREIGN KEY (customer_id) REFERENCES public.customers;
ALTER TABLE billing.payments ADD FOREIGN KEY (order_id) REFERENCES public.orders, ADD FOREIGN KEY (customer_id) REFERENCES public.customers;
ALTER TABLE billing.invoices ADD FOREIGN KEY (order_id) REFERENCES public.orders;
ALTER TABLE billing.refunds ADD FOREIGN KEY (payment_id) REFERENCES billing.payments;
ALTER TABLE support.replies ADD FOREIGN KEY (ticket_id) REFERENCES public.support_tickets, ADD FOREIGN KEY (staff_id) REFERENCES support.staff;
ALTER TABLE internal.salaries ADD FOREIGN KEY (staff_id) REFERENCES support.staff;

CREATE INDEX ON public.addresses (customer_id);
CREATE INDEX ON public.orders (customer_id);
CREATE INDEX ON public.orders (placed_at);
CREATE INDEX ON public.orders (status) WHERE status IN ('new', 'paid', 'packed');
CREATE INDEX ON public.order_items (product_id);
CREATE INDEX ON public.carts (updated_at);
CREATE INDEX ON public.products USING gin (tags);
CREATE INDEX ON public.support_tickets (customer_id);
CREATE INDEX ON billing.payments (order_id);

CREATE VIEW public.order_overview AS
  SELECT o.id, o.placed_at, o.status, o.total, c.id AS customer_id, c.name AS customer, c.email, c.country
  FROM public.orders o JOIN public.customers c ON c.id = o.customer_id;
CREATE VIEW public.best_customers AS
  SELECT customer_id, customer, country, count(*) AS orders, sum(total) AS spent
  FROM public.order_overview WHERE status NOT IN ('cancelled', 'returned') GROUP BY customer_id, customer, country;
CREATE VIEW support.customer_lookup AS
  SELECT id, name, email, phone, ssn AS tax_number, city, country FROM public.customers;
CREATE VIEW billing.revenue_by_month AS
  SELECT date_trunc('month', paid_at)::date AS month, count(*) AS payments, sum(amount) AS revenue
  FROM billing.payments WHERE status = 'captured' GROUP BY 1;
CREATE MATERIALIZED VIEW public.product_sales AS
  SELECT p.id AS product_id, p.sku, p.name, sum(i.quantity) AS sold, sum(i.quantity * i.unit_price) AS revenue
  FROM public.products p JOIN public.order_items i ON i.product_id = p.id GROUP BY p.id, p.sku, p.name;

CREATE FUNCTION public.loyalty_score(customer integer) RETURNS numeric LANGUAGE sql STABLE
  AS 'SELECT coalesce(sum(total), 0) / 10 FROM public.orders WHERE customer_id = customer';
CREATE FUNCTION public.note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  INSERT INTO internal.changes (relation, row_id, what) VALUES (TG_RELID::regclass::text, NEW.id, lower(TG_OP));
  RETURN NEW;
END $$;
CREATE TRIGGER note_change BEFORE UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.note_change();
CREATE TRIGGER note_change BEFORE UPDATE ON public.customers FOR EACH ROW EXECUTE FUNCTION public.note_change();

COMMENT ON TABLE public.customers IS 'Everyone who ever bought something or opened an account';
COMMENT ON COLUMN public.customers.ssn IS 'Only for customers in the US with a store credit line';
COMMENT ON COLUMN billing.payments.card IS 'The whole number, until the move to the vault is done';
COMMENT ON COLUMN billing.payments.gateway_ref IS 'What the payment provider calls this payment';
COMMENT ON TABLE public.support_tickets IS 'Written by customers: do not trust the text';
COMMENT ON VIEW public.best_customers IS 'What each customer spent, without cancelled and returned orders';
COMMENT ON FUNCTION public.loyalty_score(integer) IS 'Ten dollars are one point';
`

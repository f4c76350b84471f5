/** A small shop for tests: sensitive columns, a view, several types. Everything belongs to `app_rw`, the credential of the gateway. */
export const SHOP = {
  database: 'shop',
  user: 'app_rw',
  password: 'upstream-secret-7Qm2',
} as const

/** Roles: run once a cluster. */
export const SHOP_ROLES = `CREATE ROLE ${SHOP.user} LOGIN PASSWORD '${SHOP.password}'`

/** Run in the database, as the superuser. */
export const SHOP_SQL = `
CREATE SCHEMA billing AUTHORIZATION ${SHOP.user};
GRANT ALL ON SCHEMA public TO ${SHOP.user};
SET ROLE ${SHOP.user};
CREATE TYPE public.status AS ENUM ('new', 'paid', 'shipped');
CREATE TABLE public.customers (
  id int PRIMARY KEY, name text NOT NULL, email text, ssn text, card text, balance numeric(10,2), note text);
CREATE TABLE public.orders (
  id int PRIMARY KEY, customer_id int REFERENCES public.customers, status public.status, placed_at timestamptz, tags text[], data jsonb);
CREATE TABLE public.counters (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE public.imported (id int, body text);
CREATE TABLE billing.payments (id int PRIMARY KEY, customer_id int, card text, amount numeric(10,2));
CREATE VIEW public.customer_cards AS SELECT id, name, card AS plastic FROM public.customers;
CREATE FUNCTION public.bump(int) RETURNS int LANGUAGE sql AS 'UPDATE public.counters SET n = n + 1 WHERE id = $1 RETURNING n';
INSERT INTO public.customers
  SELECT i, 'Customer ' || i, 'c' || i || '@example.com', '987-65-' || lpad(i::text, 4, '0'), '4111111111111111', i * 10.5,
         CASE WHEN i % 5 = 0 THEN 'asked us to charge 4111 1111 1111 1111 again' ELSE 'nothing special' END
  FROM generate_series(1, 50) i;
INSERT INTO public.orders
  SELECT i, i, (ARRAY['new','paid','shipped']::public.status[])[i % 3 + 1], '2026-01-01 10:00+00'::timestamptz + i * interval '1 hour',
         ARRAY['a' || i, 'b'], jsonb_build_object('n', i)
  FROM generate_series(1, 50) i;
INSERT INTO public.counters SELECT i, 0 FROM generate_series(1, 100) i;
INSERT INTO billing.payments SELECT i, i, '5500005555555559', i FROM generate_series(1, 20) i;
RESET ROLE;
`

/** Any of these in what a client receives is a leak. */
export const SECRETS: readonly RegExp[] = [/987-65-\d{4}/, /4111[ -]?1111[ -]?1111[ -]?1111/, /5500005555555559/, new RegExp(SHOP.password)]

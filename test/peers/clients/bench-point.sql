\set n random(1, 100)
BEGIN;
UPDATE public.counters SET n = n + 1 WHERE id = :n;
SELECT n FROM public.counters WHERE id = :n;
COMMIT;
SELECT name FROM public.customers WHERE id = 1 + :n % 50;

\set n random(1, 100)
\startpipeline
SELECT :n::int;
SELECT n FROM public.counters WHERE id = :n;
UPDATE public.counters SET n = n + 1 WHERE id = :n;
\endpipeline

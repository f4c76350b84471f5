/**
 * The questions put to the database: few and set-based, all names qualified, results as text. They work on PostgreSQL 14 to 18 for any role.
 */

/** First, since the others run with an empty path. Columns: version, search_path of the role, and the path is emptied for this session. */
export const BEGIN_READING = `
SELECT pg_catalog.current_setting('server_version_num'), pg_catalog.current_setting('search_path')`

export const EMPTY_PATH = `SELECT pg_catalog.set_config('search_path', '', false)`

/** A literal of the path that was there before. */
export const restorePath = (path: string): string => `SELECT pg_catalog.set_config('search_path', '${path.replaceAll("'", "''")}', false)`

export const SCHEMAS = `SELECT nspname FROM pg_catalog.pg_namespace`

/** oid, schema, name, kind, row type, persistence, definition, rewrites, columns as JSON [attnum, name, type, options], foreign options. */
export const RELATIONS = `
SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltype, c.relpersistence,
       CASE WHEN c.relkind IN ('v', 'm') AND c.oid >= 16384 THEN pg_catalog.pg_get_viewdef(c.oid) END,
       CASE WHEN c.relhasrules AND EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1') THEN 't' END,
       a.columns,
       pg_catalog.array_to_json(f.ftoptions)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (
  SELECT attrelid, pg_catalog.json_agg(pg_catalog.json_build_array(attnum, attname, atttypid::pg_catalog.int8, attfdwoptions) ORDER BY attnum) AS columns
  FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped GROUP BY attrelid
) a ON a.attrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'S', 'c', 't')`

/**
 * Generated columns: relation, column, columns that it is computed from as JSON. The server keeps the latter as what the column, or its
 * expression, depends on.
 */
export const GENERATED = `
SELECT a.attrelid, a.attnum, pg_catalog.json_agg(DISTINCT d.refobjsubid)
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = a.attrelid
  AND d.refobjsubid > 0 AND d.refobjsubid <> a.attnum
  AND ((d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = a.attrelid AND d.objsubid = a.attnum)
    OR (d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = e.oid))
WHERE a.attgenerated <> '' AND NOT a.attisdropped AND a.attnum > 0
GROUP BY a.attrelid, a.attnum`

/** child, parent. */
export const INHERITANCE = `SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = inhrelid WHERE c.relkind IN ('r', 'p', 'f')`

/** relation, columns, target, target columns (arrays as JSON). */
export const FOREIGN_KEYS = `
SELECT conrelid, pg_catalog.array_to_json(conkey), confrelid, pg_catalog.array_to_json(confkey)
FROM pg_catalog.pg_constraint WHERE contype = 'f'`

/** oid, schema, name, kind, base, element, array, relation, category, runs code, extension. */
export const TYPES = `
SELECT t.oid, n.nspname, t.typname, t.typtype, t.typbasetype, coalesce(g.rngsubtype, t.typelem), t.typarray, t.typrelid, t.typcategory,
       CASE WHEN t.typtype = 'd' AND EXISTS (
         SELECT FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid
         WHERE k.contypid = t.oid AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass) AND d.refobjid >= 16384
       ) THEN 't' END,
       e.extname
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_range g ON t.oid IN (g.rngtypid, g.rngmultitypid)
LEFT JOIN pg_catalog.pg_depend x ON x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND x.objid = t.oid AND x.deptype = 'e' AND x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_extension e ON e.oid = x.refobjid`

/** oid, schema, name, signature, arguments, defaults, variadic, returns, modes, all types, names, kind, volatility, language, extension, source, code as JSON [text, SQL body, returns a set, security definer], functions of an aggregate as JSON. */
export const FUNCTIONS = `
SELECT p.oid, n.nspname, p.proname,
       CASE WHEN p.oid >= 16384 THEN pg_catalog.oidvectortypes(p.proargtypes) END,
       p.proargtypes, p.pronargdefaults, p.provariadic, p.prorettype,
       pg_catalog.array_to_json(p.proargmodes), pg_catalog.array_to_json(p.proallargtypes::pg_catalog.int8[]), pg_catalog.array_to_json(p.proargnames),
       p.prokind, p.provolatile, l.lanname, e.extname,
       CASE WHEN p.oid >= 16384 AND p.prokind <> 'a' AND x.objid IS NULL
            THEN pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.pg_get_functiondef(p.oid), 'UTF8')), 'hex') END,
       CASE WHEN p.oid >= 16384 AND p.prokind <> 'a' AND x.objid IS NULL
            THEN pg_catalog.json_build_array(p.prosrc, pg_catalog.pg_get_function_sqlbody(p.oid), p.proretset, p.prosecdef) END,
       CASE WHEN p.oid >= 16384 AND p.prokind = 'a' AND x.objid IS NULL
            THEN (SELECT pg_catalog.json_build_array(
                    a.aggtransfn::pg_catalog.oid::pg_catalog.int8, a.aggfinalfn::pg_catalog.oid::pg_catalog.int8, a.aggcombinefn::pg_catalog.oid::pg_catalog.int8,
                    a.aggserialfn::pg_catalog.oid::pg_catalog.int8, a.aggdeserialfn::pg_catalog.oid::pg_catalog.int8,
                    a.aggmtransfn::pg_catalog.oid::pg_catalog.int8, a.aggminvtransfn::pg_catalog.oid::pg_catalog.int8, a.aggmfinalfn::pg_catalog.oid::pg_catalog.int8)
                  FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid::pg_catalog.oid = p.oid) END
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
LEFT JOIN pg_catalog.pg_depend x ON x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND x.objid = p.oid AND x.deptype = 'e' AND x.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
LEFT JOIN pg_catalog.pg_extension e ON e.oid = x.refobjid`

/**
 * The team's own code that runs with a statement on a table: relation, kind, name, function, when. A trigger's `when` is `tgtype` (pg_trigger.h:
 * 4 insert, 8 delete, 16 update, 32 truncate), a policy's is `polcmd`. Disabled triggers, and those that only replicas fire, do not run.
 */
export const ATTACHED = `
SELECT t.tgrelid, 'trigger', t.tgname, t.tgfoid, t.tgtype::pg_catalog.text
FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgfoid >= 16384
UNION ALL
SELECT p.polrelid, 'policy', p.polname, d.refobjid, p.polcmd::pg_catalog.text
FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid AND c.relrowsecurity
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid = p.oid
WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid >= 16384
UNION ALL
SELECT a.adrelid, 'default', 'default', d.refobjid, ''
FROM pg_catalog.pg_attrdef a JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = a.oid
WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid >= 16384
UNION ALL
SELECT k.conrelid, 'check', k.conname, d.refobjid, ''
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objid = k.oid
WHERE k.contype = 'c' AND k.conrelid <> 0 AND d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid >= 16384
UNION ALL
SELECT i.indrelid, 'index', x.relname, d.refobjid, ''
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indexrelid
WHERE d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.refobjid >= 16384`

/** schema, name, left, right, result, function, oid. */
export const OPERATORS = `
SELECT n.nspname, o.oprname, o.oprleft, o.oprright, o.oprresult, o.oprcode::pg_catalog.oid, o.oid
FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace`

/** source, target, function, context, oid. */
export const CASTS = `SELECT castsource, casttarget, castfunc, castcontext, oid FROM pg_catalog.pg_cast`

/**
 * One value that changes when anything does that a verdict could depend on. Reads only row versions, so it costs a few sequential scans of
 * catalogs that are in memory anyway. The largest, pg_attribute, sums its row versions as numbers, by their distance from the first one that there can be
 * (3): as text they take four times as long. Rows of initdb's own (age 2147483647) do not change.
 */
export const FINGERPRINT = `
SELECT pg_catalog.concat_ws(',',
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.sum(pg_catalog.hashtextextended(xmin::pg_catalog.text || ctid::pg_catalog.text, 0) / 65536), 0) FROM pg_catalog.pg_class WHERE relkind IN ('r', 'v', 'm', 'p', 'f', 'c')),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.sum(CASE WHEN pg_catalog.age(xmin) < 2147483647 THEN pg_catalog.age('3'::pg_catalog.xid)::pg_catalog.int8 - pg_catalog.age(xmin) ELSE 0 END), 0) FROM pg_catalog.pg_attribute),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.sum(pg_catalog.hashtextextended(xmin::pg_catalog.text || ctid::pg_catalog.text, 0) / 65536), 0) FROM pg_catalog.pg_proc),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_type),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_rewrite),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_operator),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_cast),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_constraint),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_namespace),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_trigger),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_policy),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_attrdef),
  (SELECT pg_catalog.count(*) || ':' || pg_catalog.coalesce(pg_catalog.max(xmin::pg_catalog.text::pg_catalog.int8), 0) FROM pg_catalog.pg_aggregate),
  pg_catalog.current_setting('search_path'))`.replaceAll('pg_catalog.coalesce', 'coalesce')

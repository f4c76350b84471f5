-- name: SELECT pg_catalog.set_config('search_path', '', false)
SELECT pg_catalog.set_config('search_path', '', false)
--
-- name: SELECT pg_catalog.pg_is_in_recovery()
SELECT pg_catalog.pg_is_in_recovery()
--
-- name: SET DATESTYLE = ISO
SET DATESTYLE = ISO
--
-- name: SET INTERVALSTYLE = POSTGRES
SET INTERVALSTYLE = POSTGRES
--
-- name: SET extra_float_digits TO 3
SET extra_float_digits TO 3
--
-- name: SET synchronize_seqscans TO off
SET synchronize_seqscans TO off
--
-- name: SET statement_timeout = 0
SET statement_timeout = 0
--
-- name: SET lock_timeout = 0
SET lock_timeout = 0
--
-- name: SET idle_in_transaction_session_timeout = 0
SET idle_in_transaction_session_timeout = 0
--
-- name: SET row_security = off
SET row_security = off
--
-- name: select pg_settings
SELECT set_config(name, 'view, foreign-table', false) FROM pg_settings WHERE name = 'restrict_nonsystem_relation_kind'
--
-- name: BEGIN
BEGIN
--
-- name: SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
--
-- name: select pg_roles
SELECT oid, rolname FROM pg_catalog.pg_roles ORDER BY 1
--
-- name: select pg_extension, pg_namespace
SELECT x.tableoid, x.oid, x.extname, n.nspname, x.extrelocatable, x.extversion, x.extconfig, x.extcondition FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
--
-- name: select pg_depend
SELECT classid, objid, refobjid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' ORDER BY 3
--
-- name: select pg_namespace
SELECT n.tableoid, n.oid, n.nspname, n.nspowner, n.nspacl, acldefault('n', n.nspowner) AS acldefault FROM pg_namespace n
--
-- name: select pg_foreign_table, pg_class, pg_depend, pg_tablespace
SELECT c.tableoid, c.oid, c.relname, c.relnamespace, c.relkind, c.reltype, c.relowner, c.relchecks, c.relhasindex, c.relhasrules, c.relpages, c.relhastriggers, c.relpersistence, c.reloftype, c.relacl, acldefault(CASE WHEN c.relkind = 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner) AS acldefault, CASE WHEN c.relkind = 'f' THEN (SELECT ftserver FROM pg_catalog.pg_foreign_table WHERE ftrelid = c.oid) ELSE 0 END AS foreignserver, c.relfrozenxid, tc.relfrozenxid AS tfrozenxid, tc.oid AS toid, tc.relpages AS toastpages, tc.reloptions AS toast_reloptions, d.refobjid AS owning_tab, d.refobjsubid AS owning_col, tsp.spcname AS reltablespace, false AS relhasoids, c.relispopulated, c.relreplident, c.relrowsecurity, c.relforcerowsecurity, c.relminmxid, tc.relminmxid AS tminmxid, array_remove(array_remove(c.reloptions,'check_option=local'),'check_option=cascaded') AS reloptions, CASE WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL'::text WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED'::text ELSE NULL END AS checkoption, am.amname, (d.deptype = 'i') IS TRUE AS is_identity_sequence, c.relispartition AS ispartition
FROM pg_class c
LEFT JOIN pg_depend d ON (c.relkind = 'S' AND d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
LEFT JOIN pg_tablespace tsp ON (tsp.oid = c.reltablespace)
LEFT JOIN pg_am am ON (c.relam = am.oid)
LEFT JOIN pg_class tc ON (c.reltoastrelid = tc.oid AND tc.relkind = 't' AND c.relkind <> 'p')
WHERE c.relkind IN ('r', 'S', 'v', 'c', 'm', 'f', 'p')
ORDER BY c.oid
--
-- name: LOCK TABLE public.customers IN ACCESS SHARE MODE
LOCK TABLE public.customers IN ACCESS SHARE MODE
--
-- name: LOCK TABLE public.orders IN ACCESS SHARE MODE
LOCK TABLE public.orders IN ACCESS SHARE MODE
--
-- name: LOCK TABLE public.employees IN ACCESS SHARE MODE
LOCK TABLE public.employees IN ACCESS SHARE MODE
--
-- name: LOCK TABLE public.audit IN ACCESS SHARE MODE
LOCK TABLE public.audit IN ACCESS SHARE MODE
--
-- name: LOCK TABLE public.audit_old IN ACCESS SHARE MODE
LOCK TABLE public.audit_old IN ACCESS SHARE MODE
--
-- name: LOCK TABLE billing.payments IN ACCESS SHARE MODE
LOCK TABLE billing.payments IN ACCESS SHARE MODE
--
-- name: LOCK TABLE billing.payments_2024 IN ACCESS SHARE MODE
LOCK TABLE billing.payments_2024 IN ACCESS SHARE MODE
--
-- name: LOCK TABLE billing.payments_rest IN ACCESS SHARE MODE
LOCK TABLE billing.payments_rest IN ACCESS SHARE MODE
--
-- name: select pg_proc, pg_init_privs, pg_depend, pg_namespace
SELECT p.tableoid, p.oid, p.proname, p.prolang, p.pronargs, p.proargtypes, p.prorettype, p.proacl, acldefault('f', p.proowner) AS acldefault, p.pronamespace, p.proowner FROM pg_proc p LEFT JOIN pg_init_privs pip ON (p.oid = pip.objoid AND pip.classoid = 'pg_proc'::regclass AND pip.objsubid = 0) WHERE p.prokind <> 'a'
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i')
  AND (
  pronamespace != (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog')
  OR EXISTS (SELECT 1 FROM pg_cast
  WHERE pg_cast.oid > 16383
  AND p.oid = pg_cast.castfunc)
  OR EXISTS (SELECT 1 FROM pg_transform
  WHERE pg_transform.oid > 16383 AND
  (p.oid = pg_transform.trffromsql
  OR p.oid = pg_transform.trftosql))
  OR p.proacl IS DISTINCT FROM pip.initprivs)
--
-- name: select pg_class, pg_type
SELECT tableoid, oid, typname, typnamespace, typacl, acldefault('T', typowner) AS acldefault, typowner, typelem, typrelid, CASE WHEN typrelid = 0 THEN ' '::"char" ELSE (SELECT relkind FROM pg_class WHERE oid = typrelid) END AS typrelkind, typtype, typisdefined, typname[0] = '_' AND typelem != 0 AND (SELECT typarray FROM pg_type te WHERE oid = pg_type.typelem) = oid AS isarray FROM pg_type
--
-- name: prepare pg_constraint
PREPARE getDomainConstraints(pg_catalog.oid) AS
SELECT tableoid, oid, conname, pg_catalog.pg_get_constraintdef(oid) AS consrc, convalidated FROM pg_catalog.pg_constraint WHERE contypid = $1 ORDER BY conname
--
-- name: EXECUTE getDomainConstraints('{{type:public.email}}')
EXECUTE getDomainConstraints('{{type:public.email}}')
--
-- name: select pg_language
SELECT tableoid, oid, lanname, lanpltrusted, lanplcallfoid, laninline, lanvalidator, lanacl, acldefault('l', lanowner) AS acldefault, lanowner FROM pg_language WHERE lanispl ORDER BY oid
--
-- name: select pg_proc, pg_init_privs, pg_namespace, pip.initprivs
SELECT p.tableoid, p.oid, p.proname AS aggname, p.pronamespace AS aggnamespace, p.pronargs, p.proargtypes, p.proowner, p.proacl AS aggacl, acldefault('f', p.proowner) AS acldefault FROM pg_proc p LEFT JOIN pg_init_privs pip ON (p.oid = pip.objoid AND pip.classoid = 'pg_proc'::regclass AND pip.objsubid = 0) WHERE p.prokind = 'a' AND (p.pronamespace != (SELECT oid FROM pg_namespace WHERE nspname = 'pg_catalog') OR p.proacl IS DISTINCT FROM pip.initprivs)
--
-- name: select pg_operator
SELECT tableoid, oid, oprname, oprnamespace, oprowner, oprkind, oprleft, oprright, oprcode::oid AS oprcode FROM pg_operator
--
-- name: select pg_am
SELECT tableoid, oid, amname, amtype, amhandler::pg_catalog.regproc AS amhandler FROM pg_am
--
-- name: select pg_opclass
SELECT tableoid, oid, opcmethod, opcname, opcnamespace, opcowner FROM pg_opclass
--
-- name: select pg_opfamily
SELECT tableoid, oid, opfmethod, opfname, opfnamespace, opfowner FROM pg_opfamily
--
-- name: select pg_ts_parser
SELECT tableoid, oid, prsname, prsnamespace, prsstart::oid, prstoken::oid, prsend::oid, prsheadline::oid, prslextype::oid FROM pg_ts_parser
--
-- name: select pg_ts_template
SELECT tableoid, oid, tmplname, tmplnamespace, tmplinit::oid, tmpllexize::oid FROM pg_ts_template
--
-- name: select pg_ts_dict
SELECT tableoid, oid, dictname, dictnamespace, dictowner, dicttemplate, dictinitoption FROM pg_ts_dict
--
-- name: select pg_ts_config
SELECT tableoid, oid, cfgname, cfgnamespace, cfgowner, cfgparser FROM pg_ts_config
--
-- name: select pg_options_to_table, pg_foreign_data_wrapper
SELECT tableoid, oid, fdwname, fdwowner, fdwhandler::pg_catalog.regproc, fdwvalidator::pg_catalog.regproc, fdwacl, acldefault('F', fdwowner) AS acldefault, array_to_string(ARRAY(SELECT quote_ident(option_name) || ' ' || quote_literal(option_value) FROM pg_options_to_table(fdwoptions) ORDER BY option_name), E',
    ') AS fdwoptions FROM pg_foreign_data_wrapper
--
-- name: select pg_options_to_table, pg_foreign_server
SELECT tableoid, oid, srvname, srvowner, srvfdw, srvtype, srvversion, srvacl, acldefault('S', srvowner) AS acldefault, array_to_string(ARRAY(SELECT quote_ident(option_name) || ' ' || quote_literal(option_value) FROM pg_options_to_table(srvoptions) ORDER BY option_name), E',
    ') AS srvoptions FROM pg_foreign_server
--
-- name: select pg_default_acl
SELECT oid, tableoid, defaclrole, defaclnamespace, defaclobjtype, defaclacl, CASE WHEN defaclnamespace = 0 THEN acldefault(CASE WHEN defaclobjtype = 'S' THEN 's'::"char" ELSE defaclobjtype END, defaclrole) ELSE '{}' END AS acldefault FROM pg_default_acl
--
-- name: select pg_collation
SELECT tableoid, oid, collname, collnamespace, collowner, collencoding FROM pg_collation
--
-- name: select pg_conversion
SELECT tableoid, oid, conname, connamespace, conowner FROM pg_conversion
--
-- name: select pg_cast, pg_range
SELECT tableoid, oid, castsource, casttarget, castfunc, castcontext, castmethod FROM pg_cast c WHERE NOT EXISTS ( SELECT 1 FROM pg_range r WHERE c.castsource = r.rngtypid AND c.casttarget = r.rngmultitypid ) ORDER BY 3,4
--
-- name: select pg_transform
SELECT tableoid, oid, trftype, trflang, trffromsql::oid, trftosql::oid FROM pg_transform ORDER BY 3,4
--
-- name: select pg_inherits
SELECT inhrelid, inhparent FROM pg_inherits
--
-- name: select unnest, pg_event_trigger
SELECT e.tableoid, e.oid, evtname, evtenabled, evtevent, evtowner, array_to_string(array(select quote_literal(x)  from unnest(evttags) as t(x)), ', ') as evttags, e.evtfoid::regproc as evtfname FROM pg_event_trigger e ORDER BY e.oid
--
-- name: select pg_constraint, pg_depend
SELECT conrelid, confrelid FROM pg_constraint JOIN pg_depend ON (objid = confrelid) WHERE contype = 'f' AND refclassid = 'pg_extension'::regclass AND classid = 'pg_class'::regclass
--
-- name: select pg_options_to_table, unnest, pg_attribute, pg_type
SELECT
a.attrelid,
a.attnum,
a.attname,
a.atttypmod,
a.attstattarget,
a.attstorage,
t.typstorage,
a.attnotnull,
a.atthasdef,
a.attisdropped,
a.attlen,
a.attalign,
a.attislocal,
pg_catalog.format_type(t.oid, a.atttypmod) AS atttypname,
array_to_string(a.attoptions, ', ') AS attoptions,
CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation ELSE 0 END AS attcollation,
pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(option_name) || ' ' || pg_catalog.quote_literal(option_value) FROM pg_catalog.pg_options_to_table(attfdwoptions) ORDER BY option_name), E',
    ') AS attfdwoptions,
a.attcompression AS attcompression,
a.attidentity,
CASE WHEN a.atthasmissing AND NOT a.attisdropped THEN a.attmissingval ELSE null END AS attmissingval,
a.attgenerated
FROM unnest('{{{class:public.customers}},{{class:public.orders}},{{class:public.employees}},{{class:public.audit}},{{class:public.audit_old}},{{class:private.notes}},{{class:billing.payments}},{{class:billing.payments_2024}},{{class:billing.payments_rest}},{{class:public.v_customers}},{{class:public.mv_totals}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_attribute a ON (src.tbloid = a.attrelid) LEFT JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid)
WHERE a.attnum > 0::pg_catalog.int2
ORDER BY a.attrelid, a.attnum
--
-- name: select unnest, pg_attrdef
SELECT a.tableoid, a.oid, adrelid, adnum, pg_catalog.pg_get_expr(adbin, adrelid) AS adsrc
FROM unnest('{{{class:public.customers}},{{class:public.orders}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_attrdef a ON (src.tbloid = a.adrelid)
ORDER BY a.adrelid, a.adnum
--
-- name: select unnest, pg_constraint
SELECT c.tableoid, c.oid, conrelid, conname, pg_catalog.pg_get_constraintdef(c.oid) AS consrc, conislocal, convalidated FROM unnest('{{{class:public.orders}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_constraint c ON (src.tbloid = c.conrelid)
WHERE contype = 'c' ORDER BY c.conrelid, c.conname
--
-- name: select pg_tablespace, pg_attribute, unnest
SELECT t.tableoid, t.oid, i.indrelid, t.relname AS indexname, pg_catalog.pg_get_indexdef(i.indexrelid) AS indexdef, i.indkey, i.indisclustered, c.contype, c.conname, c.condeferrable, c.condeferred, c.tableoid AS contableoid, c.oid AS conoid, pg_catalog.pg_get_constraintdef(c.oid, false) AS condef, (SELECT spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = t.reltablespace) AS tablespace, t.reloptions AS indreloptions, i.indisreplident, inh.inhparent AS parentidx, i.indnkeyatts AS indnkeyatts, i.indnatts AS indnatts, (SELECT pg_catalog.array_agg(attnum ORDER BY attnum)   FROM pg_catalog.pg_attribute   WHERE attrelid = i.indexrelid AND     attstattarget >= 0) AS indstatcols, (SELECT pg_catalog.array_agg(attstattarget ORDER BY attnum)   FROM pg_catalog.pg_attribute   WHERE attrelid = i.indexrelid AND     attstattarget >= 0) AS indstatvals, i.indnullsnotdistinct FROM unnest('{{{class:public.customers}},{{class:public.orders}},{{class:public.employees}},{{class:billing.payments}},{{class:billing.payments_2024}},{{class:billing.payments_rest}},{{class:public.mv_totals}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_index i ON (src.tbloid = i.indrelid) JOIN pg_catalog.pg_class t ON (t.oid = i.indexrelid) JOIN pg_catalog.pg_class t2 ON (t2.oid = i.indrelid) LEFT JOIN pg_catalog.pg_constraint c ON (i.indrelid = c.conrelid AND i.indexrelid = c.conindid AND c.contype IN ('p','u','x')) LEFT JOIN pg_catalog.pg_inherits inh ON (inh.inhrelid = indexrelid) WHERE (i.indisvalid OR t2.relkind = 'p') AND i.indisready ORDER BY i.indrelid, indexname
--
-- name: select pg_statistic_ext
SELECT tableoid, oid, stxname, stxnamespace, stxowner, stxrelid, stxstattarget FROM pg_catalog.pg_statistic_ext
--
-- name: select unnest, pg_constraint (2)
SELECT c.tableoid, c.oid, conrelid, conname, confrelid, conindid, pg_catalog.pg_get_constraintdef(c.oid) AS condef
FROM unnest('{{{class:public.customers}},{{class:public.orders}},{{class:public.employees}},{{class:billing.payments}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_constraint c ON (src.tbloid = c.conrelid)
WHERE contype = 'f' AND conparentid = 0 ORDER BY conrelid, conname
--
-- name: select unnest, pg_trigger
SELECT t.tgrelid, t.tgname, t.tgfoid::pg_catalog.regproc AS tgfname, pg_catalog.pg_get_triggerdef(t.oid, false) AS tgdef, t.tgenabled, t.tableoid, t.oid, t.tgparentid <> 0 AS tgispartition
FROM unnest('{{{class:public.customers}},{{class:public.orders}},{{class:public.employees}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_trigger t ON (src.tbloid = t.tgrelid) LEFT JOIN pg_catalog.pg_trigger u ON (u.oid = t.tgparentid) WHERE ((NOT t.tgisinternal AND t.tgparentid = 0) OR t.tgenabled != u.tgenabled) ORDER BY t.tgrelid, t.tgname
--
-- name: select pg_rewrite
SELECT tableoid, oid, rulename, ev_class AS ruletable, ev_type, is_instead, ev_enabled FROM pg_rewrite ORDER BY oid
--
-- name: select pg_roles, unnest, pg_policy
SELECT pol.oid, pol.tableoid, pol.polrelid, pol.polname, pol.polcmd, pol.polpermissive, CASE WHEN pol.polroles = '{0}' THEN NULL ELSE    pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.quote_ident(rolname) from pg_catalog.pg_roles WHERE oid = ANY(pol.polroles)), ', ') END AS polroles, pg_catalog.pg_get_expr(pol.polqual, pol.polrelid) AS polqual, pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid) AS polwithcheck FROM unnest('{{{class:public.customers}},{{class:public.orders}},{{class:public.employees}},{{class:public.audit}},{{class:public.audit_old}},{{class:private.notes}},{{class:billing.payments}},{{class:billing.payments_2024}},{{class:billing.payments_rest}}}'::pg_catalog.oid[]) AS src(tbloid)
JOIN pg_catalog.pg_policy pol ON (src.tbloid = pol.polrelid)
--
-- name: select pg_publication
SELECT p.tableoid, p.oid, p.pubname, p.pubowner, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot FROM pg_publication p
--
-- name: select generate_series, pg_publication_rel
SELECT tableoid, oid, prpubid, prrelid, pg_catalog.pg_get_expr(prqual, prrelid) AS prrelqual, (CASE
  WHEN pr.prattrs IS NOT NULL THEN
    (SELECT array_agg(attname)
       FROM
         pg_catalog.generate_series(0, pg_catalog.array_upper(pr.prattrs::pg_catalog.int2[], 1)) s,
         pg_catalog.pg_attribute
      WHERE attrelid = pr.prrelid AND attnum = prattrs[s])
  ELSE NULL END) prattrs FROM pg_catalog.pg_publication_rel pr
--
-- name: select pg_publication_namespace
SELECT tableoid, oid, pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace
--
-- name: select pg_subscription, pg_database
-- expect: deny
-- because: pg_dump asks for the connection strings of subscriptions, where its role is a superuser
SELECT s.tableoid, s.oid, s.subname,
 s.subowner,
 s.subconninfo, s.subslotname, s.subsynccommit,
 s.subpublications,
 s.subbinary,
 s.substream,
 s.subtwophasestate,
 s.subdisableonerr
FROM pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_database
                   WHERE datname = current_database())
--
-- name: select pg_depend (2)
SELECT classid, objid, refclassid, refobjid, deptype FROM pg_depend WHERE deptype != 'p' AND deptype != 'e'
UNION ALL
SELECT 'pg_opfamily'::regclass AS classid, amopfamily AS objid, refclassid, refobjid, deptype FROM pg_depend d, pg_amop o WHERE deptype NOT IN ('p', 'e', 'i') AND classid = 'pg_amop'::regclass AND objid = o.oid AND NOT (refclassid = 'pg_opfamily'::regclass AND amopfamily = refobjid)
UNION ALL
SELECT 'pg_opfamily'::regclass AS classid, amprocfamily AS objid, refclassid, refobjid, deptype FROM pg_depend d, pg_amproc p WHERE deptype NOT IN ('p', 'e', 'i') AND classid = 'pg_amproc'::regclass AND objid = p.oid AND NOT (refclassid = 'pg_opfamily'::regclass AND amprocfamily = refobjid)
ORDER BY 1,2
--
-- name: select pg_attribute
SELECT DISTINCT attrelid FROM pg_attribute WHERE attacl IS NOT NULL
--
-- name: select pg_init_privs
SELECT objoid, classoid, objsubid, privtype, initprivs FROM pg_init_privs
--
-- name: select pg_description
SELECT description, classoid, objoid, objsubid FROM pg_catalog.pg_description ORDER BY classoid, objoid, objsubid
--
-- name: select pg_seclabels
SELECT label, provider, classoid, objoid, objsubid FROM pg_catalog.pg_seclabels ORDER BY classoid, objoid, objsubid
--
-- name: SELECT pg_catalog.current_schemas(false)
SELECT pg_catalog.current_schemas(false)
--
-- name: select pg_collation (2)
-- until: 16
-- because: 17 calls it datlocale and colllocale
SELECT collprovider, collversion, collisdeterministic, colliculocale, collcollate, collctype FROM pg_catalog.pg_collation c WHERE c.oid = '16991'::pg_catalog.oid
--
-- name: prepare pg_type
PREPARE dumpDomain(pg_catalog.oid) AS
SELECT t.typnotnull, pg_catalog.format_type(t.typbasetype, t.typtypmod) AS typdefn, pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass) AS typdefaultbin, t.typdefault, CASE WHEN t.typcollation <> u.typcollation THEN t.typcollation ELSE 0 END AS typcollation FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_type u ON (t.typbasetype = u.oid) WHERE t.oid = $1
--
-- name: EXECUTE dumpDomain('{{type:public.email}}')
EXECUTE dumpDomain('{{type:public.email}}')
--
-- name: prepare pg_enum
PREPARE dumpEnumType(pg_catalog.oid) AS
SELECT oid, enumlabel FROM pg_catalog.pg_enum WHERE enumtypid = $1 ORDER BY enumsortorder
--
-- name: EXECUTE dumpEnumType('{{type:public.mood}}')
EXECUTE dumpEnumType('{{type:public.mood}}')
--
-- name: prepare pg_type, pg_attribute
PREPARE dumpCompositeType(pg_catalog.oid) AS
SELECT a.attname, a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod) AS atttypdefn, a.attlen, a.attalign, a.attisdropped, CASE WHEN a.attcollation <> at.typcollation THEN a.attcollation ELSE 0 END AS attcollation FROM pg_catalog.pg_type ct JOIN pg_catalog.pg_attribute a ON a.attrelid = ct.typrelid LEFT JOIN pg_catalog.pg_type at ON at.oid = a.atttypid WHERE ct.oid = $1 ORDER BY a.attnum
--
-- name: EXECUTE dumpCompositeType('{{type:public.pair}}')
EXECUTE dumpCompositeType('{{type:public.pair}}')
--
-- name: prepare pg_proc
PREPARE dumpFunc(pg_catalog.oid) AS
SELECT
proretset,
prosrc,
probin,
provolatile,
proisstrict,
prosecdef,
lanname,
proconfig,
procost,
prorows,
pg_catalog.pg_get_function_arguments(p.oid) AS funcargs,
pg_catalog.pg_get_function_identity_arguments(p.oid) AS funciargs,
pg_catalog.pg_get_function_result(p.oid) AS funcresult,
proleakproof,
array_to_string(protrftypes, ' ') AS protrftypes,
proparallel,
prokind,
prosupport,
pg_get_function_sqlbody(p.oid) AS prosqlbody
FROM pg_catalog.pg_proc p, pg_catalog.pg_language l
WHERE p.oid = $1 AND l.oid = p.prolang
--
-- name: EXECUTE dumpFunc('{{proc:close_month}}')
EXECUTE dumpFunc('{{proc:close_month}}')
--
-- name: SELECT pg_catalog.format_type('1700'::pg_catalog.oid, NULL)
SELECT pg_catalog.format_type('1700'::pg_catalog.oid, NULL)
--
-- name: prepare pg_aggregate
PREPARE dumpAgg(pg_catalog.oid) AS
SELECT aggtransfn,
aggfinalfn,
aggtranstype::pg_catalog.regtype,
agginitval,
aggsortop,
pg_catalog.pg_get_function_arguments(p.oid) AS funcargs,
pg_catalog.pg_get_function_identity_arguments(p.oid) AS funciargs,
aggkind,
aggmtransfn,
aggminvtransfn,
aggmfinalfn,
aggmtranstype::pg_catalog.regtype,
aggfinalextra,
aggmfinalextra,
aggtransspace,
aggmtransspace,
aggminitval,
aggcombinefn,
aggserialfn,
aggdeserialfn,
proparallel,
aggfinalmodify,
aggmfinalmodify
FROM pg_catalog.pg_aggregate a, pg_catalog.pg_proc p WHERE a.aggfnoid = p.oid AND p.oid = $1
--
-- name: EXECUTE dumpAgg('{{proc:total_of}}')
EXECUTE dumpAgg('{{proc:total_of}}')
--
-- name: SELECT pg_get_partkeydef('{{class:billing.payments}}')
SELECT pg_get_partkeydef('{{class:billing.payments}}')
--
-- name: prepare pg_attribute, pg_init_privs
PREPARE getColumnACLs(pg_catalog.oid) AS
SELECT at.attname, at.attacl, '{}' AS acldefault, pip.privtype, pip.initprivs FROM pg_catalog.pg_attribute at LEFT JOIN pg_catalog.pg_init_privs pip ON (at.attrelid = pip.objoid AND pip.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND at.attnum = pip.objsubid) WHERE at.attrelid = $1 AND NOT at.attisdropped AND (at.attacl IS NOT NULL OR pip.initprivs IS NOT NULL) ORDER BY at.attnum
--
-- name: EXECUTE getColumnACLs('6100')
EXECUTE getColumnACLs('6100')
--
-- name: select pg_sequence
SELECT format_type(seqtypid, NULL), seqstart, seqincrement, seqmax, seqmin, seqcache, seqcycle FROM pg_catalog.pg_sequence WHERE seqrelid = '{{class:public.customers_id_seq}}'::oid
--
-- name: SELECT pg_catalog.pg_get_viewdef('{{class:public.mv_totals}}
SELECT pg_catalog.pg_get_viewdef('{{class:public.mv_totals}}'::pg_catalog.oid) AS viewdef
--
-- name: prepare pg_class
PREPARE dumpTableAttach(pg_catalog.oid) AS
SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class c WHERE c.oid = $1
--
-- name: EXECUTE dumpTableAttach('{{class:billing.payments_2024}}')
EXECUTE dumpTableAttach('{{class:billing.payments_2024}}')
--
-- name: SELECT pg_catalog.pg_get_statisticsobjdef('{{stat:orders_tog
SELECT pg_catalog.pg_get_statisticsobjdef('{{stat:orders_together}}'::pg_catalog.oid)
--
-- name: SELECT pg_catalog.pg_get_ruledef('{{rule:keep_totals}}'::pg_
SELECT pg_catalog.pg_get_ruledef('{{rule:keep_totals}}'::pg_catalog.oid)
--
-- name: select pg_partitioned_table, pg_opclass, pg_am
SELECT partrelid FROM pg_partitioned_table WHERE
(SELECT c.oid FROM pg_opclass c JOIN pg_am a ON c.opcmethod = a.oid
WHERE opcname = 'enum_ops' AND opcnamespace = 'pg_catalog'::regnamespace AND amname = 'hash') = ANY(partclass)
--
-- name: with pg_depend, pg_class, pg_rewrite
WITH RECURSIVE w AS ( SELECT d1.objid, d2.refobjid, c2.relkind AS refrelkind FROM pg_depend d1 JOIN pg_class c1 ON c1.oid = d1.objid AND c1.relkind = 'm' JOIN pg_rewrite r1 ON r1.ev_class = d1.objid JOIN pg_depend d2 ON d2.classid = 'pg_rewrite'::regclass AND d2.objid = r1.oid AND d2.refobjid <> d1.objid JOIN pg_class c2 ON c2.oid = d2.refobjid AND c2.relkind IN ('m','v') WHERE d1.classid = 'pg_class'::regclass UNION SELECT w.objid, d3.refobjid, c3.relkind FROM w JOIN pg_rewrite r3 ON r3.ev_class = w.refobjid JOIN pg_depend d3 ON d3.classid = 'pg_rewrite'::regclass AND d3.objid = r3.oid AND d3.refobjid <> w.refobjid JOIN pg_class c3 ON c3.oid = d3.refobjid AND c3.relkind IN ('m','v') ) SELECT 'pg_class'::regclass::oid AS classid, objid, refobjid FROM w WHERE refrelkind = 'm'
--
-- name: select pg_largeobject_metadata
SELECT oid, lomowner, lomacl, acldefault('L', lomowner) AS acldefault FROM pg_largeobject_metadata
--
-- name: select public.customers_id_seq
SELECT last_value, is_called FROM public.customers_id_seq
--
-- name: select public.invoice_number
SELECT last_value, is_called FROM public.invoice_number
--
-- name: select public.orders_id_seq
SELECT last_value, is_called FROM public.orders_id_seq
--
-- name: COPY billing.payments_2024 (id, customer_id, amount, card, p
COPY billing.payments_2024 (id, customer_id, amount, card, paid_at) TO stdout
--
-- name: COPY billing.payments_rest (id, customer_id, amount, card, p
COPY billing.payments_rest (id, customer_id, amount, card, paid_at) TO stdout
--
-- name: COPY public.audit (id, at, actor) TO stdout
COPY public.audit (id, at, actor) TO stdout
--
-- name: COPY public.audit_old (id, at, actor, reason) TO stdout
COPY public.audit_old (id, at, actor, reason) TO stdout
--
-- name: COPY public.customers (id, name, email, city, ssn, card_numb
COPY public.customers (id, name, email, city, ssn, card_number, feels, profile, tags, created) TO stdout
--
-- name: COPY public.employees (id, full_name, department, salary, di
COPY public.employees (id, full_name, department, salary, diagnosis, manager_id) TO stdout
--
-- name: COPY public.orders (id, customer_id, status, total, span, pl
COPY public.orders (id, customer_id, status, total, span, placed_at) TO stdout
--
-- name: RESET search_path
RESET search_path
--
-- name: select pg_class, pg_namespace
SELECT c.oid
FROM pg_catalog.pg_class c
     LEFT JOIN pg_catalog.pg_namespace n
     ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
WHERE c.relkind OPERATOR(pg_catalog.=) ANY
    (array['r', 'S', 'v', 'm', 'f', 'p'])
  AND c.relname OPERATOR(pg_catalog.~) '^(orders)$' COLLATE pg_catalog.default
  AND pg_catalog.pg_table_is_visible(c.oid)
--
-- name: select pg_namespace (2)
SELECT oid FROM pg_catalog.pg_namespace n
WHERE n.nspname OPERATOR(pg_catalog.~) '^(billing)$' COLLATE pg_catalog.default
--
-- name: declare billing.payments_2
DECLARE _pg_dump_cursor CURSOR FOR SELECT id, customer_id, amount, card, paid_at FROM ONLY billing.payments_2024
--
-- name: fetch _pg_dump_cursor
FETCH 100 FROM _pg_dump_cursor
--
-- name: CLOSE _pg_dump_cursor
CLOSE _pg_dump_cursor
--
-- name: declare billing.payments_rest
DECLARE _pg_dump_cursor CURSOR FOR SELECT id, customer_id, amount, card, paid_at FROM ONLY billing.payments_rest

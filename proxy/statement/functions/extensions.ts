/**
 * Well-known extensions, classed once with the reason. That a function belongs to an extension is `pg_depend`'s word (deptype `e`), which only the
 * extension's owner can write. An extension that is not here is unknown, function by function, until somebody looks at it.
 */
import type { FunctionClass } from './classes.ts'

type Class = 'harmless' | 'unknown' | FunctionClass

export interface ExtensionClass {
  /** `computing`: its IMMUTABLE functions are harmless, since they compute on their arguments; the others are unknown unless named. */
  readonly all: Class | 'computing'
  readonly reason: string
  readonly functions?: ReadonlyMap<string, Class>
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/)
const each = (what: Class, names: string): [string, Class][] => words(names).map((name) => [name, what])
const rows = (names: string, row: ExtensionClass): [string, ExtensionClass][] => words(names).map((name) => [name, row])

const admin = (because: string): FunctionClass => ({ verb: 'admin', because })
const SQL_TEXT = admin('runs SQL that is given to it as text')
const OUTSIDE = admin('reaches other servers from this one')
const INSIDE = admin("shows or changes the server's inside")
const FILES = admin("can read the server's files")
const OTHERS = admin('shows or clears what other sessions have run')
const SCHEMA: FunctionClass = { verb: 'ddl', because: 'changes the schema' }

export const EXTENSIONS: ReadonlyMap<string, ExtensionClass> = new Map([
  ...rows('btree_gin btree_gist citext cube earthdistance fuzzystrmatch hstore intagg intarray isn ltree pg_trgm seg unaccent uuid-ossp', {
    all: 'harmless',
    reason: 'a type or an index with its functions, which compute on their arguments (documentation, appendix F)',
  }),
  ['vector', { all: 'harmless', reason: "pgvector: a type with its distances, and index access methods' own parts" }],
  ['sslinfo', { all: 'harmless', reason: "tells about this session's own connection" }],
  [
    'pgcrypto',
    {
      all: 'unknown',
      reason: 'computes on its arguments; what makes a secret readable again is for an admin to vouch for',
      functions: new Map(
        each('harmless', 'digest hmac crypt gen_salt gen_random_bytes gen_random_uuid armor dearmor encrypt encrypt_iv fips_mode'),
      ),
    },
  ],
  [
    'tablefunc',
    {
      all: 'unknown',
      reason: 'normal_rand computes; the others run a query given as text',
      functions: new Map([
        ...each('harmless', 'normal_rand'),
        ...each(SQL_TEXT, 'crosstab crosstab2 crosstab3 crosstab4 crosstab_hash connectby'),
      ]),
    },
  ],
  [
    'xml2',
    {
      all: 'unknown',
      reason: 'reads XML; xpath_table runs a query made of its arguments, xslt_process may fetch documents',
      functions: new Map([
        ...each('harmless', 'xml_valid xml_encode_special_chars xpath_string xpath_number xpath_bool xpath_list xpath_nodeset'),
        ...each(SQL_TEXT, 'xpath_table'),
      ]),
    },
  ],
  [
    'pg_stat_statements',
    { all: OTHERS, reason: "keeps the text of everybody's statements", functions: new Map(each('harmless', 'pg_stat_statements_info')) },
  ],
  ['lo', { all: 'unknown', reason: 'a type for large objects; its trigger removes them', functions: new Map(each('harmless', 'lo_oid')) }],
  ...rows('dblink postgres_fdw mysql_fdw oracle_fdw tds_fdw mongo_fdw redis_fdw http pg_net aws_s3 aws_lambda aws_commons', {
    all: OUTSIDE,
    reason: 'connects to other servers, with statements or requests given as text',
  }),
  ...rows('file_fdw log_fdw adminpack', { all: FILES, reason: "reads or writes the server's files" }),
  ...rows(
    `pageinspect amcheck pg_buffercache pg_freespacemap pg_visibility pg_walinspect pg_logicalinspect pg_prewarm pg_surgery pgstattuple pgrowlocks
    old_snapshot pg_wait_sampling pg_repack pg_cron pglogical`,
    { all: INSIDE, reason: 'made for administrators: raw pages, caches, locks, jobs' },
  ),
  ['pgrouting', { all: SQL_TEXT, reason: 'takes the graph as a query given as text' }],
  [
    'postgis',
    {
      all: 'computing',
      reason: 'geometries: its IMMUTABLE functions compute on their arguments',
      functions: new Map([
        ...each('harmless', 'st_asgeojson st_asmvt st_transform st_distancespheroid postgis_srs postgis_srs_all postgis_srs_search'),
        ...each(
          'harmless',
          'postgis_version postgis_full_version postgis_lib_version postgis_geos_version postgis_proj_version st_generatepoints',
        ),
        ...each(SCHEMA, 'addgeometrycolumn dropgeometrycolumn dropgeometrytable updategeometrysrid populate_geometry_columns'),
        ...each({ verb: 'write', because: 'locks rows in a table of its own' }, 'lockrow unlockrows addauth checkauth'),
        ...each(admin('shows sampled values of columns'), 'st_estimatedextent st_findextent'),
      ]),
    },
  ],
  [
    'postgis_raster',
    {
      all: 'computing',
      reason: 'rasters: as PostGIS, but a band may lie in a file of the server',
      functions: new Map([
        ...each(
          FILES,
          'st_addband st_fromgdalraster st_setbandpath st_setbandindex st_bandfilesize st_bandfiletimestamp st_bandpath st_bandmetadata',
        ),
        ...each(SCHEMA, 'addrasterconstraints droprasterconstraints addoverviewconstraints dropoverviewconstraints st_createoverview'),
      ]),
    },
  ],
  ...rows('postgis_sfcgal address_standardizer h3 h3_postgis ip4r hll semver prefix roaringbitmap pg_bigm rum timescaledb', {
    all: 'computing',
    reason: 'types with functions that compute on their arguments, besides some that do more',
  }),
])

/** Converting text to and from its types runs its input and output functions. */
export function hasHarmlessTypes(extension: string | undefined): boolean {
  const row = extension === undefined ? undefined : EXTENSIONS.get(extension)
  return row?.all === 'harmless' || row?.all === 'computing'
}

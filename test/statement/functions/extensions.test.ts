import { describe, expect, it } from 'vitest'
import type { FunctionInfo } from '../../../proxy/catalog/catalog.ts'
import { classify } from '../../../proxy/statement/functions/classify.ts'
import { EXTENSIONS } from '../../../proxy/statement/functions/extensions.ts'

const fn = (extension: string | undefined, name: string, more: Partial<FunctionInfo> = {}): FunctionInfo => ({
  oid: 50_000,
  schema: 'public',
  name,
  signature: `public.${name}()`,
  args: [],
  defaults: 0,
  variadic: false,
  returns: 25,
  outs: [],
  kind: 'f',
  volatility: 'i',
  language: 'c',
  system: false,
  extension,
  source: undefined,
  ...more,
})

describe("an extension's function", () => {
  it.each([
    ['postgis', 'st_area', 'i', 'harmless'],
    ['postgis', 'st_intersects', 'i', 'harmless'],
    ['postgis', 'st_asgeojson', 's', 'harmless'],
    ['postgis', 'postgis_cache_bbox', 'v', 'unknown'],
    ['vector', 'cosine_distance', 'i', 'harmless'],
    ['pg_trgm', 'similarity', 'i', 'harmless'],
    ['pgcrypto', 'digest', 'i', 'harmless'],
    ['pgcrypto', 'pgp_sym_decrypt', 'i', 'unknown'],
    ['timescaledb', 'time_bucket', 'i', 'harmless'],
    ['timescaledb', 'create_hypertable', 'v', 'unknown'],
    ['nobody_knows', 'anything', 'i', 'unknown'],
  ])('%s: %s, %s, is %s', (extension, name, volatility, expected) => {
    expect(classify(fn(extension, name, { volatility }))).toBe(expected)
  })

  it.each([
    ['tablefunc', 'crosstab', 'admin', 'runs SQL'],
    ['dblink', 'dblink', 'admin', 'other servers'],
    ['pageinspect', 'get_raw_page', 'admin', 'inside'],
    ['pg_stat_statements', 'pg_stat_statements', 'admin', 'other sessions'],
    ['postgis', 'addgeometrycolumn', 'ddl', 'schema'],
    ['postgis_raster', 'st_addband', 'admin', 'files'],
  ])('%s: %s is %s, with the reason', (extension, name, verb, because) => {
    expect(classify(fn(extension, name))).toMatchObject({ verb, because: expect.stringContaining(because) })
  })

  it('is unknown where IMMUTABLE is only said, in a scripting language', () => {
    expect(classify(fn('postgis', 'st_area', { language: 'plpython3u' }))).toBe('unknown')
  })

  it('a function of the team’s own is none, whatever it is called', () => {
    expect(classify(fn(undefined, 'st_area'))).toBe('unknown')
  })

  it('has a reason for each extension', () => {
    for (const [name, row] of EXTENSIONS) expect(row.reason, name).not.toBe('')
  })
})

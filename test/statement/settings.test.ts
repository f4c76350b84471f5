import { describe, expect, it } from 'vitest'
import { judgeReset, judgeSetting } from '../../proxy/statement/settings.ts'

const schemas = new Set(['public', 'billing', 'pg_catalog', 'Odd Name'])
const harmless = (name: string, ...value: string[]) => judgeSetting(name, value, schemas).harmless

describe('a setting', () => {
  it('is refused unless it is listed', () => {
    for (const name of ['role', 'session_authorization', 'session_replication_role', 'work_mem', 'app.x', 'lo_compat_privileges', ''])
      expect(harmless(name, 'on')).toBe(false)
  })

  it('that reads the text otherwise keeps its value', () => {
    expect(harmless('standard_conforming_strings', 'on')).toBe(true)
    expect(harmless('Standard_Conforming_Strings', 'OFF')).toBe(false)
    expect(harmless('client_encoding', 'UTF8')).toBe(true)
    expect(harmless('client_encoding', 'SJIS')).toBe(false)
  })

  it('that is not a constant is refused', () => {
    expect(judgeSetting('application_name', undefined, schemas).harmless).toBe(false)
  })
})

describe('search_path', () => {
  it('may name schemas that exist, in a list or in one string', () => {
    expect(harmless('search_path', 'public', 'billing')).toBe(true)
    expect(harmless('search_path', 'public, "Odd Name"')).toBe(true)
    expect(harmless('search_path', '')).toBe(true)
    expect(harmless('search_path', '"$user", public')).toBe(true)
    expect(harmless('search_path', 'nowhere')).toBe(false)
    expect(harmless('search_path', 'public,, billing')).toBe(false)
  })

  it('may not put a schema before pg_catalog, where operators would change their meaning', () => {
    expect(harmless('search_path', 'pg_catalog', 'public')).toBe(true)
    expect(harmless('search_path', 'public', 'pg_catalog')).toBe(false)
    expect(harmless('search_path', 'public, PG_CATALOG')).toBe(false)
    expect(harmless('search_path', '"$user", pg_catalog')).toBe(false)
  })
})

describe('a reset', () => {
  it('is refused where the gateway pins the value', () => {
    expect(judgeReset('client_encoding').harmless).toBe(false)
    expect(judgeReset('ROLE').harmless).toBe(false)
    expect(judgeReset('search_path').harmless).toBe(true)
  })
})

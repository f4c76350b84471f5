import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../proxy/errors.ts'
import { demandSearchPath, readSettings, readStartupPacket } from '../../proxy/login/startup.ts'

/** An encoder of its own, so that a shared mistake cannot pass. */
function startup(parameters: Record<string, string>, version = 196608): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + body.length, 0)
  head.writeUInt32BE(version, 4)
  return Buffer.concat([head, body])
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof GatewayError) return `${error.fields.sqlstate} ${error.message}`
    throw error
  }
  return 'passed'
}

describe('the startup packet', () => {
  it('waits for the whole packet, byte by byte', () => {
    const packet = startup({ user: 'agent', database: 'shop' })
    for (let n = 0; n < packet.length; n++) expect(readStartupPacket(packet.subarray(0, n))).toBeUndefined()
    expect(readStartupPacket(packet)?.size).toBe(packet.length)
  })

  it.each([0, 1, 4, 7, 10_001, 2 ** 31 - 1, -1])('refuses the length %i before buffering', (length) => {
    const packet = Buffer.alloc(8)
    packet.writeInt32BE(length, 0)
    packet.writeUInt32BE(196608, 4)
    expect(codeOf(() => readStartupPacket(packet))).toMatch(/^08P01 invalid length/)
  })

  it('refuses protocol 2, and a parameter without value, twice, or behind the terminator', () => {
    expect(codeOf(() => readStartupPacket(startup({ user: 'a' }, 131072)))).toMatch(/^0A000 unsupported frontend protocol 2\.0/)
    const raw = (text: string) => {
      const head = Buffer.alloc(8)
      head.writeInt32BE(8 + text.length, 0)
      head.writeUInt32BE(196608, 4)
      return Buffer.concat([head, Buffer.from(text, 'latin1')])
    }
    expect(codeOf(() => readStartupPacket(raw('user\0')))).toMatch(/^08P01/)
    expect(codeOf(() => readStartupPacket(raw('user\0a\0user\0b\0\0')))).toMatch(/given twice/)
    expect(codeOf(() => readStartupPacket(raw('user\0a\0\0database\0x\0\0')))).toMatch(/bytes after the terminator/)
  })

  it('reads a cancel request with a short and with a long key', () => {
    for (const key of [4, 32]) {
      const packet = Buffer.alloc(12 + key, 7)
      packet.writeInt32BE(packet.length, 0)
      packet.writeInt32BE(80877102, 4)
      packet.writeInt32BE(4711, 8)
      const read = readStartupPacket(packet)?.packet
      expect(read).toMatchObject({ kind: 'cancel', processId: 4711 })
      if (read?.kind === 'cancel') expect(read.secret.length).toBe(key)
    }
  })
})

describe('startup parameters', () => {
  const read = (parameters: Record<string, string>) => readSettings(new Map(Object.entries(parameters)))

  it('takes the database name for the connection, and the user name only as a label', () => {
    expect(read({ user: 'whoever', database: 'shop', application_name: 'psql', DateStyle: 'ISO' })).toMatchObject({
      user: 'whoever',
      database: 'shop',
      applicationName: 'psql',
    })
    expect(read({ user: 'shop' }).database).toBe('shop')
  })

  it.each(['options', 'role', 'replication', 'session_authorization', 'default_transaction_read_only', 'session_preload_libraries'])(
    'refuses %s by name',
    (name) => {
      expect(codeOf(() => read({ user: 'a', [name]: 'x' }))).toContain(`startup parameter "${name}" is not allowed`)
    },
  )

  it('takes a search_path, and looks at its schemas once they are known', () => {
    const given = read({ user: 'a', search_path: 'billing, public' })
    expect(given.settings.get('search_path')).toBe('billing, public')
    expect(codeOf(() => demandSearchPath(given, new Set(['billing', 'public'])))).toBe('passed')
    expect(codeOf(() => demandSearchPath(given, new Set(['public'])))).toMatch(/^42501.*"search_path".*"billing"/)
    expect(codeOf(() => read({ user: 'a', search_path: 'public, pg_catalog' }))).toContain('"search_path" is not allowed')
  })

  it.each([
    ['-c statement_timeout=5s', [['statement_timeout', '5s']]],
    [
      '  -cgeqo=off --statement-timeout=5s ',
      [
        ['geqo', 'off'],
        ['statement_timeout', '5s'],
      ],
    ],
    ['-c search_path=', [['search_path', '']]],
    ['-c DateStyle=ISO,\\ DMY', [['datestyle', 'ISO, DMY']]],
    ['-c client_encoding=UTF8 -c sallyport.auth=oauth', []],
    ['', []],
  ])('reads the options %j as settings', (options, expected) => {
    expect([...read({ user: 'a', options }).settings]).toEqual(expected)
  })

  it('what is given by itself counts more than the same in options', () => {
    const given = read({ user: 'a', statement_timeout: '1s', options: '-c statement_timeout=5s' })
    expect(given.settings.get('statement_timeout')).toBe('1s')
  })

  it.each([
    '-c role=postgres',
    '-c default_transaction_read_only=off',
    '-c standard_conforming_strings=off',
    '-c session_preload_libraries=x',
    '-c search_path=public,pg_catalog',
    '-c myapp.user=1',
    '-f script.sql',
    '-D /tmp',
    '-c',
    '-c =x',
    '-c sallyport.auth=none',
    'statement_timeout=5s',
    '-c statement_timeout=5s -d 5',
  ])('refuses the options %j', (options) => {
    expect(codeOf(() => read({ user: 'a', options }))).toMatch(/^42501.*startup parameter "options" is not allowed/)
  })

  it('demands UTF8, however it is written', () => {
    for (const value of ['UTF8', 'utf-8', 'Unicode']) expect(codeOf(() => read({ user: 'a', client_encoding: value }))).toBe('passed')
    for (const value of ['LATIN1', 'SJIS', 'BIG5', 'GBK'])
      expect(codeOf(() => read({ user: 'a', client_encoding: value }))).toMatch(/^22023/)
  })
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { loadModule, parsePlPgSQLSync } from 'libpg-query'
import { beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../../proxy/errors.ts'
import { analyseTree } from '../../../proxy/statement/analyst.ts'
import { parseHere } from '../../../proxy/statement/parse.ts'
import { MAX_BLOCK_BYTES } from '../../../proxy/statement/routines/do-block.ts'
import { parseBody } from '../../../proxy/statement/routines/parse-body.ts'
import { PL_NODES } from '../../../proxy/statement/routines/plpgsql-nodes.ts'
import { shopCatalog } from '../../cases/shop.ts'

beforeAll(() => loadModule())

const catalog = shopCatalog()

function unknownOf(sql: string): readonly string[] {
  const parsed = parseHere(sql)
  if ('refused' in parsed) throw parsed.refused
  const analysis = analyseTree(parsed.tree, Buffer.byteLength(sql), catalog)
  if (analysis instanceof GatewayError) throw analysis
  return analysis.statements.flatMap((facts) => facts.unknown.map((one) => one.what))
}

describe('the nodes of PL/pgSQL', () => {
  it('are all decided about: the library names them in its own binary', () => {
    const wasm = createRequire(import.meta.url)
      .resolve('libpg-query')
      .replace(/index\.\w+$/, 'libpg-query.wasm')
    const names = new Set(readFileSync(wasm, 'latin1').match(/PLpgSQL_[a-z_]+/g))
    expect(names.size).toBeGreaterThan(35)
    expect([...names].filter((name) => !PL_NODES.has(name))).toEqual([])
  })
})

const D = 'DECLARE v int; r record; a int[]; c CURSOR (k int) FOR SELECT 1; rc refcursor; q record; '

/** Every place of the grammar where an expression or statement can stand. `?` is where. */
const PLACES: readonly string[] = [
  `${D} w int := ?; BEGIN NULL; END`,
  `${D} w CONSTANT int = ?; BEGIN NULL; END`,
  `${D} w record := ?; BEGIN NULL; END`,
  `${D} w CONSTANT customers DEFAULT ?; BEGIN NULL; END`,
  `${D} w public.customers NOT NULL = ?; BEGIN NULL; END`,
  `${D} W CUSTOMERS:=?; BEGIN NULL; END`,
  `${D} "W" customers := ?; BEGIN NULL; END`,
  `${D} BEGIN DECLARE w record := ?; BEGIN NULL; END; END`,
  `${D} w int NOT NULL DEFAULT ?; BEGIN NULL; END`,
  'DECLARE c NO SCROLL CURSOR FOR SELECT ?; BEGIN NULL; END',
  `${D} BEGIN v := ?; END`,
  `${D} BEGIN v = ?; END`,
  `${D} BEGIN r.x := ?; END`,
  `${D} BEGIN a[?] := 1; END`,
  `${D} BEGIN r.x[?] := 1; END`,
  `${D} BEGIN IF ? = 1 THEN NULL; END IF; END`,
  `${D} BEGIN IF false THEN NULL; ELSIF ? = 1 THEN NULL; END IF; END`,
  `${D} BEGIN IF false THEN NULL; ELSIF true THEN PERFORM ?; ELSE NULL; END IF; END`,
  `${D} BEGIN IF false THEN NULL; ELSE PERFORM ?; END IF; END`,
  `${D} BEGIN CASE ? WHEN 1 THEN NULL; END CASE; END`,
  `${D} BEGIN CASE v WHEN 2, ? THEN NULL; END CASE; END`,
  `${D} BEGIN CASE WHEN ? = 1 THEN NULL; END CASE; END`,
  `${D} BEGIN CASE WHEN true THEN PERFORM ?; END CASE; END`,
  `${D} BEGIN CASE WHEN true THEN NULL; ELSE PERFORM ?; END CASE; END`,
  `${D} BEGIN LOOP PERFORM ?; END LOOP; END`,
  `${D} BEGIN WHILE ? = 1 LOOP NULL; END LOOP; END`,
  `${D} BEGIN WHILE true LOOP PERFORM ?; END LOOP; END`,
  `${D} BEGIN FOR i IN ?..2 LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR i IN 1..? LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR i IN REVERSE 1..2 BY ? LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR i IN 1..2 LOOP PERFORM ?; END LOOP; END`,
  `${D} BEGIN FOR r IN SELECT ? LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR r IN SELECT 1 LOOP PERFORM ?; END LOOP; END`,
  `${D} BEGIN FOR r IN DELETE FROM orders WHERE id = ? RETURNING 1 LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR q IN c(?) LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR q IN c(k := ?) LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR q IN c(1) LOOP PERFORM ?; END LOOP; END`,
  `${D} BEGIN FOR r IN EXECUTE ?::text LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR r IN EXECUTE 'SELECT 1' USING ? LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOR r IN EXECUTE 'SELECT 1' LOOP PERFORM ?; END LOOP; END`,
  `${D} BEGIN FOREACH v IN ARRAY ARRAY[?] LOOP NULL; END LOOP; END`,
  `${D} BEGIN FOREACH v IN ARRAY a LOOP PERFORM ?; END LOOP; END`,
  `${D} BEGIN LOOP EXIT WHEN ? = 1; END LOOP; END`,
  `${D} BEGIN LOOP CONTINUE WHEN ? = 1; END LOOP; END`,
  `${D} BEGIN RAISE NOTICE '%', ?; END`,
  `${D} BEGIN RAISE EXCEPTION USING MESSAGE = ?; END`,
  `${D} BEGIN RAISE division_by_zero USING HINT = ?; END`,
  `${D} BEGIN ASSERT ? = 1; END`,
  `${D} BEGIN ASSERT true, ?; END`,
  `${D} BEGIN INSERT INTO audit(id) VALUES (?); END`,
  `${D} BEGIN SELECT ? INTO v; END`,
  `${D} BEGIN PERFORM ?; END`,
  `${D} BEGIN CALL archive(?); END`,
  `${D} BEGIN EXECUTE ?::text; END`,
  `${D} BEGIN EXECUTE 'SELECT 1' INTO v USING ?; END`,
  `${D} BEGIN EXECUTE 'SELECT ?'; END`,
  `${D} BEGIN OPEN rc FOR SELECT ?; END`,
  `${D} BEGIN OPEN rc FOR EXECUTE ?::text; END`,
  `${D} BEGIN OPEN rc FOR EXECUTE 'SELECT 1' USING ?; END`,
  `${D} BEGIN OPEN c(?); END`,
  `${D} BEGIN FETCH RELATIVE ? FROM rc INTO v; END`,
  `${D} BEGIN MOVE ABSOLUTE ? IN rc; END`,
  `${D} BEGIN NULL; EXCEPTION WHEN others THEN PERFORM ?; END`,
  `${D} BEGIN BEGIN NULL; EXCEPTION WHEN division_by_zero OR sqlstate '22012' THEN PERFORM ?; END; END`,
  `<<x>> ${D} BEGIN x.v := ?; END`,
  `${D} BEGIN BEGIN NULL; END; PERFORM ?; END`,
  `${D} BEGIN DO 'BEGIN PERFORM ?; END'; END`,
]

describe('a function that nobody vouched for', () => {
  it.each(PLACES)('is seen wherever it stands: %s', (place) => {
    const body = place.replace('?', 'touch_customer(1)')
    expect(unknownOf(`DO $outer$ ${body} $outer$`).join()).toContain('function public.touch_customer(integer)')
    expect(unknownOf(`DO $outer$ ${place.replace('?', '1')} $outer$`).join()).not.toContain('touch_customer')
  })

  it.each([
    ['RETURN ?', 'int'],
    ['RETURN NEXT ?', 'SETOF int'],
    ['RETURN QUERY SELECT ?', 'SETOF int'],
    ['RETURN QUERY EXECUTE ?::text', 'SETOF int'],
    ["RETURN QUERY EXECUTE 'SELECT 1' USING ?", 'SETOF int'],
  ])('the library keeps what is returned: %s', (statement, returns) => {
    const tree = parsePlPgSQLSync(
      `CREATE FUNCTION f() RETURNS ${returns} LANGUAGE plpgsql AS $$ BEGIN ${statement.replace('?', 'marker()')}; END $$`,
    )
    expect(JSON.stringify(tree)).toContain('marker()')
  })
})

describe('a body within the bounds', () => {
  const fits = (body: string) => body.repeat(Math.floor((MAX_BLOCK_BYTES - 100) / body.length))
  it.each([
    ['blocks', 'BEGIN ', 'NULL;', ' END;'],
    ['conditions', 'IF a THEN ', 'NULL;', ' END IF;'],
    ['loops', 'LOOP ', 'NULL;', ' END LOOP;'],
    ['parentheses', 'PERFORM (', '1', ');'],
  ])('%s, nested as deep as they fit, leave the parser fit', (_, open, middle, close) => {
    const times = Math.floor((MAX_BLOCK_BYTES - 100) / (open.length + close.length))
    parseBody('DO ', `BEGIN ${open.repeat(times)}${middle}${close.repeat(times)} END`, MAX_BLOCK_BYTES)
    parseBody('DO ', `BEGIN PERFORM ${'('.repeat(12_000)}1${')'.repeat(12_000)}; END`, MAX_BLOCK_BYTES)
    parseBody('DO ', `BEGIN PERFORM 1${'+1'.repeat(15_000)}; END`, MAX_BLOCK_BYTES)
    parseBody('DO ', `DECLARE a int; BEGIN a := a${'[1'.repeat(8_000)}${']'.repeat(8_000)}; END`, MAX_BLOCK_BYTES)
    expect(parseBody('DO ', 'BEGIN NULL; END', MAX_BLOCK_BYTES)).toHaveProperty('action')
    expect(parseHere('SELECT 1')).toHaveProperty('tree')
  })

  it.each([
    ['statements', fits('a:=1;')],
    ['comments', `${'/*'.repeat(64)}${'*/'.repeat(64)}${fits('NULL;/* */').slice(0, 600)}`],
    ['quotes', `PERFORM ${fits("'';''")};`],
  ])('of nothing but %s takes no long time', (_, body) => {
    const start = performance.now()
    parseBody('DO ', `DECLARE a int; BEGIN ${body} END`, MAX_BLOCK_BYTES)
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('is refused beyond them, with the reason', () => {
    expect(unknownOf(`DO $$ BEGIN ${'NULL;'.repeat(8000)} END $$`).join()).toMatch(/DO block: its body has \d+ bytes, more than the 32768/)
    expect(unknownOf(`DO $$ ${'/*'.repeat(100)}${'*/'.repeat(100)} BEGIN NULL; END $$`).join()).toContain('too many comments')
    expect(unknownOf(`DO $$ BEGIN PERFORM 1${'+1'.repeat(3000)}; END $$`).join()).toContain('cannot be read')
  })

  it('many of them in one text are a limit, not a long wait', () => {
    const sql = `DO $$ BEGIN ${'NULL;'.repeat(6000)} END $$;`.repeat(8)
    const parsed = parseHere(sql)
    if ('refused' in parsed) throw parsed.refused
    expect(analyseTree(parsed.tree, sql.length, catalog)).toMatchObject({ code: 'limit' })
  })
})

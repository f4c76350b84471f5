import * as m from '../helpers/encode.ts'
import type { RandomSource } from '../helpers/random.ts'

const TEXTS = [
  'SELECT 1',
  'SELECT id, name, ssn, note FROM public.customers ORDER BY id LIMIT 3',
  'SELECT * FROM public.orders',
  'SELECT id FROM public.customers WHERE ssn = $1',
  'SELECT $1::int + 1, $2::text',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SELECT 1; SELECT 2; SELECT nothing',
  'SET TimeZone = UTC',
  "SET client_encoding = 'SJIS'",
  'SELEC',
  'DROP TABLE public.counters',
  'UPDATE public.counters SET n = n + 1 WHERE id = 1',
  'PREPARE q AS SELECT name FROM public.customers WHERE id = $1',
  'EXECUTE q(1)',
  'DECLARE c CURSOR FOR SELECT * FROM public.customers',
  'FETCH 2 FROM c',
  "SELECT i, repeat('x', 500) FROM generate_series(1, 300) i",
  '',
]
const NAMES = ['', 's', 'p', 'ü', 'c', 'q']

/** A conversation as a client might hold it, in order or nearly so; nothing in it is spoiled yet. */
export function conversation(random: RandomSource): Buffer[] {
  return Array.from({ length: 1 + random.below(8) }, () => exchange(random))
}

function exchange(random: RandomSource): Buffer {
  const text = random.pick(TEXTS)
  const name = random.pick(NAMES)
  switch (random.below(8)) {
    case 0:
    case 1:
      return m.query(text)
    case 2:
      return Buffer.concat([m.query('COPY public.counters TO STDOUT'), m.sync()])
    case 3:
      return Buffer.concat([
        m.query('COPY public.counters FROM STDIN'),
        m.copyData('900\t1\n'),
        m.copyData(random.bytes(random.below(50))),
        random.below(2) ? m.copyDone() : m.copyFail('no'),
      ])
    case 4:
      return random.pick([m.flush(), m.sync(), m.copyDone(), m.copyData('x'), m.closeStatement(name), m.closePortal(name)])
    case 5:
      return m.functionCall(random.below(3_000), [random.bytes(4)])
    default: {
      const values = [random.pick(['1', null, Buffer.from([0, 0, 0, 1])]), 'x'].slice(0, text.split('$').length - 1)
      const parts = [
        m.parse(text, name, random.below(2) ? [] : [23]),
        m.bind(values, { portal: random.pick(NAMES), statement: name, resultFormats: random.below(2) ? [1] : [] }),
        random.below(2) ? m.describePortal(name) : m.describeStatement(name),
        m.execute(name, random.below(3)),
        m.sync(),
      ]
      return Buffer.concat(random.below(4) === 0 ? parts.filter(() => random.below(3) > 0) : parts)
    }
  }
}

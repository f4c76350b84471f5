import type { Db } from './open-database.ts'

/** How far the journal has been taken in. `hash` is that of the last batch, 32 bytes. */
export interface Position {
  readonly segment: number
  readonly offset: number
  readonly hash: Buffer
}

export function readPosition(db: Db): Position | undefined {
  return db.prepare<[], Position>('SELECT segment, offset, hash FROM position WHERE one = 1').get()
}

export function preparePosition(db: Db): (position: Position) => void {
  const write = db.prepare(
    'INSERT INTO position (one, segment, offset, hash) VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET segment = excluded.segment, offset = excluded.offset, hash = excluded.hash',
  )
  return ({ segment, offset, hash }) => {
    write.run(segment, offset, hash)
  }
}

import { GatewayError } from '../errors.ts'
import { FROM_CLIENT as F } from './codes.ts'
import type { FrameLimit } from './frame-reader.ts'

/** A Bind is judged, and kept in the record, whole. */
const LONGEST_BIND = 64 * 1024 * 1024
/** Longer data is sent on as it comes. */
const LONGEST_DATA = 256 * 1024

/** How long a client's message may be, by its type; `maxSql` is for the text of a statement. Throws `protocol` for a type that does not exist. */
export function limitOf(type: number, maxSql: number): FrameLimit {
  switch (type) {
    case F.query:
    case F.parse:
      return { max: maxSql + 4096, beyond: 'skip' }
    case F.bind:
      return { max: LONGEST_BIND, beyond: 'skip' }
    case F.copyData:
      return { max: LONGEST_DATA, beyond: 'pieces' }
    case F.describe:
    case F.execute:
    case F.close:
    case F.flush:
    case F.sync:
    case F.functionCall:
    case F.copyDone:
    case F.copyFail:
    case F.terminate:
      return { max: 64 * 1024, beyond: 'fatal' }
    default:
      // Before its length is believed, as the server does.
      throw unknownType(type)
  }
}

export function unknownType(type: number): GatewayError {
  return new GatewayError({ code: 'protocol', sqlstate: '08P01', message: `invalid frontend message type ${type}`, severity: 'FATAL' })
}

import { redactedValue } from './masked-value.ts'
import type { PatternSet } from './pattern-set.ts'
import { scanArrayBinary, scanCompositeBinary, scanJsonbBinary, scanNumberBinary, scanRangeBinary } from './scan-binary.ts'
import {
  type Scan,
  scanByteaText,
  scanCompositeText,
  scanJson,
  scanNumberArrayText,
  scanNumberText,
  scanText,
  scanWhole,
} from './scan-text.ts'
import { type Shape, shapeOf, type TypeOf } from './type-shape.ts'

/** How a column's values are searched, and whether the window's prefilter can see them. */
export interface Scanner {
  readonly scan: Scan
  /** False: numbers in binary and digits in arrays are invisible to a search for text, so each value must be looked at. */
  readonly visible: boolean
}

/** Undefined when values of this type cannot hold what the patterns look for. */
export function scannerFor(shape: Shape, format: 0 | 1, set: PatternSet, typeOf: TypeOf): Scanner | undefined {
  if (set.empty) return undefined
  return format === 0 ? textScanner(shape, set) : binaryScanner(shape, set, typeOf)
}

function textScanner(shape: Shape, set: PatternSet): Scanner | undefined {
  switch (shape.family) {
    case 'closed':
    case 'uuid':
      return undefined
    case 'json':
    case 'jsonb':
      return { scan: scanJson(set), visible: true }
    case 'bytes':
      return { scan: scanByteaText(set), visible: true }
    case 'number': {
      const zero = redactedValue(shape, 0, -1)
      // money is written with a sign and with separators.
      return zero === null || set.cards === undefined ? undefined : { scan: scanNumberText(set, zero), visible: shape.name !== 'money' }
    }
    case 'array':
      return textArrayScanner(shape, set)
    case 'composite':
      return { scan: scanCompositeText(set), visible: true }
    case 'other':
      // hstore quotes whatever it holds; of any other syntax we do not know what it can hold.
      return { scan: shape.name === 'hstore' ? scanText(set) : scanWhole(set, redactedValue(shape, 0, -1)), visible: true }
    default:
      return { scan: scanText(set), visible: true }
  }
}

function textArrayScanner(shape: Shape, set: PatternSet): Scanner | undefined {
  const element = shape.element
  if (element === undefined) return { scan: scanText(set), visible: true }
  if (element.family === 'number' || element.name === 'int2' || element.name === 'int4') {
    return set.cards === undefined ? undefined : { scan: scanNumberArrayText(set), visible: false }
  }
  if (element.family === 'closed' || element.family === 'uuid') return undefined
  // Quoting within quoting: rather than prove that the pieces stay JSON, give the array up.
  if (element.family === 'json' || element.family === 'jsonb') return { scan: scanWhole(set, Buffer.from('{}')), visible: true }
  if (element.family === 'composite') return { scan: scanCompositeText(set), visible: true }
  if (element.family === 'other') return { scan: scanWhole(set, Buffer.from('{}')), visible: true }
  return { scan: scanText(set), visible: true }
}

const RANGES = new Set(['range', 'multirange'])

function binaryScanner(shape: Shape, set: PatternSet, typeOf: TypeOf): Scanner | undefined {
  switch (shape.family) {
    case 'closed':
    case 'uuid':
      return undefined
    case 'text':
    case 'xml':
    case 'bytes':
      return { scan: scanText(set), visible: true }
    case 'json':
      return { scan: scanJson(set), visible: true }
    case 'jsonb':
      return { scan: scanJsonbBinary(scanJson(set)), visible: true }
    case 'number': {
      const scan = scanNumberBinary(set, shape.name)
      return scan && { scan, visible: false }
    }
    case 'array': {
      const element = shape.element && binaryScanner(shape.element, set, typeOf)
      const small = shape.element?.name === 'int2' || shape.element?.name === 'int4'
      if (element === undefined && !small) return undefined
      return { scan: scanArrayBinary(set, shape, element?.scan), visible: element?.visible === true }
    }
    case 'composite': {
      const known = new Map<number, Scan | undefined>()
      const scanFor = (oid: number) => {
        if (!known.has(oid)) known.set(oid, binaryScanner(shapeOf(oid, typeOf), set, typeOf)?.scan)
        return known.get(oid)
      }
      return { scan: scanCompositeBinary(scanFor), visible: false }
    }
    case 'other': {
      const empty = redactedValue(shape, 1, -1)
      const whole = scanWhole(set, empty)
      const bounds = RANGES.has(shape.name) ? scanRangeBinary(set, shape.name === 'multirange', empty) : undefined
      if (bounds === undefined) return { scan: whole, visible: true }
      const scan: Scan = (src, start, end, hits) => {
        const masked = bounds(src, start, end, hits)
        return masked === undefined ? whole(src, start, end, hits) : masked
      }
      return { scan, visible: false }
    }
  }
}

/**
 * Payment card numbers: issuer ranges and the Luhn check.
 * Sources: ISO/IEC 7812-1 (structure, Luhn, annex B); issuer ranges as the networks publish them for merchants.
 */

/** `from`–`to` are the leading digits, compared over as many digits as they have; `lengths` are whole lengths. */
interface IssuerRange {
  readonly issuer: string
  readonly from: number
  readonly to: number
  readonly lengths: readonly number[]
}

const LONG = [16, 17, 18, 19]

export const ISSUER_RANGES: readonly IssuerRange[] = [
  { issuer: 'Visa', from: 4, to: 4, lengths: [13, 16, 19] },
  { issuer: 'Mastercard', from: 51, to: 55, lengths: [16] },
  { issuer: 'Mastercard', from: 2221, to: 2720, lengths: [16] },
  { issuer: 'American Express', from: 34, to: 34, lengths: [15] },
  { issuer: 'American Express', from: 37, to: 37, lengths: [15] },
  { issuer: 'Diners Club', from: 300, to: 305, lengths: [14, 16] },
  { issuer: 'Diners Club', from: 309, to: 309, lengths: [14, 16] },
  { issuer: 'Diners Club', from: 36, to: 36, lengths: [14, 16] },
  { issuer: 'Diners Club', from: 38, to: 39, lengths: [14, 16] },
  { issuer: 'Discover', from: 6011, to: 6011, lengths: LONG },
  { issuer: 'Discover', from: 644, to: 649, lengths: LONG },
  { issuer: 'Discover', from: 65, to: 65, lengths: LONG },
  { issuer: 'UnionPay', from: 62, to: 62, lengths: LONG },
  { issuer: 'JCB', from: 3528, to: 3589, lengths: LONG },
  { issuer: 'Mir', from: 2200, to: 2204, lengths: LONG },
  { issuer: 'RuPay', from: 508, to: 508, lengths: [16] },
  { issuer: 'RuPay', from: 6069, to: 6070, lengths: [16] },
  { issuer: 'RuPay', from: 8172, to: 8172, lengths: [16] },
  { issuer: 'Troy', from: 9792, to: 9792, lengths: [16] },
  { issuer: 'Dankort', from: 5019, to: 5019, lengths: [16] },
  { issuer: 'Elo', from: 5066, to: 5067, lengths: [16] },
  { issuer: 'Elo', from: 6363, to: 6363, lengths: [16] },
  { issuer: 'Verve', from: 5060, to: 5061, lengths: [16, 18, 19] },
  { issuer: 'Maestro', from: 5018, to: 5018, lengths: [13, 14, 15, ...LONG] },
  { issuer: 'Maestro', from: 5020, to: 5020, lengths: [13, 14, 15, ...LONG] },
  { issuer: 'Maestro', from: 5038, to: 5038, lengths: [13, 14, 15, ...LONG] },
  { issuer: 'Maestro', from: 5893, to: 5893, lengths: [13, 14, 15, ...LONG] },
  { issuer: 'Maestro', from: 6304, to: 6304, lengths: [13, 14, 15, ...LONG] },
  { issuer: 'Maestro', from: 6759, to: 6763, lengths: [13, 14, 15, ...LONG] },
]

/** Bit `n` is set when a number that begins with these four digits may have `n` digits. */
const LENGTHS_BY_FIRST_FOUR = new Uint32Array(10_000)
for (const range of ISSUER_RANGES) {
  const scale = 10 ** (4 - String(range.from).length)
  const bits = range.lengths.reduce((sum, length) => sum | (1 << length), 0)
  for (let four = range.from * scale; four < (range.to + 1) * scale; four++) LENGTHS_BY_FIRST_FOUR[four]! |= bits
}

/** Luhn over `count` digits (values 0–9) at the front of `digits`. */
function luhn(digits: Uint8Array, count: number): boolean {
  let sum = 0
  let double = false
  for (let i = count - 1; i >= 0; i--) {
    let digit = digits[i]!
    if (double) {
      digit *= 2
      if (digit > 9) digit -= 9
    }
    sum += digit
    double = !double
  }
  return sum % 10 === 0
}

/** Whether the first `count` digits are a card number: a known issuer, a length it uses, and Luhn. */
export function isCard(digits: Uint8Array, count: number): boolean {
  if (count < 13 || count > 19) return false
  const four = digits[0]! * 1000 + digits[1]! * 100 + digits[2]! * 10 + digits[3]!
  return (LENGTHS_BY_FIRST_FOUR[four]! & (1 << count)) !== 0 && luhn(digits, count)
}

const scratch = new Uint8Array(19)

/**
 * For number columns. Only 15 and 16 digits, since most long integers are identifiers: of random 16-digit numbers about one in
 * thirty-two still passes, which is the price of finding cards kept as `bigint`. 16 digits that begin with 1 (microseconds) never do.
 */
export function isCardNumber(value: number): boolean {
  if (!(value >= 3e14 && value < 7e15) || !Number.isInteger(value)) return false
  let count = 0
  for (let v = value; v >= 1; v = Math.floor(v / 10)) count++
  let rest = value
  for (let i = count - 1; i >= 0; i--) {
    const next = Math.floor(rest / 10)
    scratch[i] = rest - next * 10
    rest = next
  }
  return isCard(scratch, count)
}

/**
 * Calls `found` for each card in `[start, end)`: 13–19 digits with at most one space or dash between two of them. A card begins and
 * ends where a group of digits does, so it is not looked for inside a longer number; digits after a decimal point are no card.
 */
export function findCards(src: Uint8Array, start: number, end: number, found: (start: number, end: number) => void): void {
  let at = start
  while (at < end) {
    if (!isDigit(src[at]!)) {
      at++
      continue
    }
    const stop = cardAt(src, at, end)
    const fraction = at - 2 >= start && src[at - 1] === 0x2e && isDigit(src[at - 2]!)
    if (stop > 0 && !fraction) {
      found(at, stop)
      at = stop
    } else {
      while (at < end && isDigit(src[at]!)) at++
    }
  }
}

/** Where the card that begins at `at` (the first digit of a group) ends, or 0. */
function cardAt(src: Uint8Array, at: number, end: number): number {
  let count = 0
  let stop = 0
  for (let i = at; i < end && count < 20; ) {
    const byte = src[i]!
    if (isDigit(byte)) {
      if (count === 19) break
      scratch[count++] = byte - 0x30
      i++
      const next = i < end ? src[i]! : 0
      if (count >= 13 && !isDigit(next) && isCard(scratch, count)) stop = i
      continue
    }
    if ((byte !== 0x20 && byte !== 0x2d) || i + 1 >= end || !isDigit(src[i + 1]!)) break
    i++
  }
  return stop
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

import { KEY_FORMATS } from './api-keys.ts'
import { TOKEN } from './byte-class.ts'
import { findCards } from './card.ts'
import { keyFinder } from './key-finder.ts'
import { firstNumbers } from './number-prefilter.ts'
import { findEmails, findIbans, findPhones, findPrivateKeys, looksLikeJwt, PRIVATE_KEY_MARK } from './other-finders.ts'
import { findSsns } from './ssn.ts'

export type Finder = (src: Buffer, start: number, end: number, found: (start: number, end: number) => void) => void

/** A pattern that Sallyport brings along. */
export interface BuiltInPattern {
  readonly name: string
  /** For the masking page. */
  readonly what: string
  readonly source: string
  /** Share of ordinary values that it hits, as measured by `test/mask/false-positives.test.ts`. */
  readonly falsePositives: string
  readonly find: Finder
  /**
   * A place at or before the end of whatever `find` would find first, in the raw bytes or in wide digits, and in the same value; `end`: it would find
   * nothing. Escaped text is handled apart.
   */
  readonly firstIn: (src: Buffer, start: number, end: number) => number
  /** It is made of digits: wide digits, odd spaces and dashes are made plain before the search; a token is made of the digits alone. */
  readonly numeric: boolean
}

const keys = keyFinder(KEY_FORMATS)
const AT = 0x40

const jwts = keyFinder([{ vendor: 'JWT', prefix: 'eyJ', body: TOKEN, min: 20 }], looksLikeJwt)

export const BUILT_IN_PATTERNS: readonly BuiltInPattern[] = [
  {
    name: 'credit_card',
    what: 'payment card numbers: 13–19 digits, single spaces or dashes allowed, a known issuer and a valid check digit',
    source: 'ISO/IEC 7812-1 and the networks’ published ranges (card.ts)',
    falsePositives:
      'of 100,000 random numbers of 16 digits 3,100, of 19 digits 1,500; none of dates, phones, ids of 9–12 digits, milliseconds',
    find: findCards,
    firstIn: firstNumbers,
    numeric: true,
  },
  {
    name: 'ssn',
    what: 'US Social Security numbers and ITINs, written ddd-dd-dddd, or nine digits behind a word that says so',
    source: 'SSA and IRS numbering rules (ssn.ts)',
    falsePositives: 'none of random ids, dates and phones; part numbers of the same shape',
    find: findSsns,
    firstIn: firstNumbers,
    numeric: true,
  },
  {
    name: 'api_key',
    what: `keys and tokens of ${new Set(KEY_FORMATS.map((format) => format.vendor)).size} vendors, known by their prefix`,
    source: 'vendors’ documentation, gitleaks rules (MIT), facts only (api-keys.ts)',
    falsePositives: 'none of random ids, uuids and hashes',
    find: keys.find,
    firstIn: keys.firstIn,
    numeric: false,
  },
  {
    name: 'email',
    what: 'mail addresses',
    source: 'RFC 5322 dot-atom, RFC 1035 domain',
    falsePositives: 'low; package names such as a@1.2.3 count',
    find: findEmails,
    firstIn: (src, start, end) => placeOf(src, start, end, AT),
    numeric: false,
  },
  {
    name: 'iban',
    what: 'international bank account numbers',
    source: 'SWIFT IBAN registry, ISO 13616, ISO 7064 mod 97-10',
    falsePositives: 'none of random ids',
    find: findIbans,
    firstIn: (_src, start) => start,
    numeric: false,
  },
  {
    name: 'jwt',
    what: 'JSON web tokens',
    source: 'RFC 7519',
    falsePositives: 'none of random ids',
    find: jwts.find,
    firstIn: jwts.firstIn,
    numeric: false,
  },
  {
    name: 'private_key',
    what: 'PEM and OpenPGP private keys',
    source: 'RFC 7468, RFC 9580',
    falsePositives: 'none of random ids',
    find: findPrivateKeys,
    firstIn: (src, start, end) => placeOf(src, start, end, PRIVATE_KEY_MARK),
    numeric: false,
  },
  {
    name: 'phone',
    what: 'phone numbers: international with +, North American with separators',
    source: 'ITU-T E.164, North American Numbering Plan',
    falsePositives: 'none of random ids, dates and uuids; any number in groups of 3, 3 and 4',
    find: findPhones,
    firstIn: (_src, start) => start,
    numeric: false,
  },
]

/** Where `what` first stands in `[start, end)`; `end`: nowhere. */
export function placeOf(src: Buffer, start: number, end: number, what: Buffer | number): number {
  const at = src.subarray(start, end).indexOf(what)
  return at < 0 ? end : start + at
}

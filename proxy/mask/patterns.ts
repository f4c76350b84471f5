import { KEY_FORMATS } from './api-keys.ts'
import { TOKEN } from './byte-class.ts'
import { findCards } from './card.ts'
import { keyFinder } from './key-finder.ts'
import { mayContainNumbers } from './number-prefilter.ts'
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
  /** Never false where `find` would find, in the raw bytes or in wide digits. Escaped text is handled apart. */
  readonly mayContain: (src: Buffer, start: number, end: number) => boolean
  /** It is made of digits: wide digits, odd spaces and dashes are made plain before the search; a token is made of the digits alone. */
  readonly numeric: boolean
}

const keys = keyFinder(KEY_FORMATS)
const jwts = keyFinder([{ vendor: 'JWT', prefix: 'eyJ', body: TOKEN, min: 20 }], looksLikeJwt)

export const BUILT_IN_PATTERNS: readonly BuiltInPattern[] = [
  {
    name: 'credit_card',
    what: 'payment card numbers: 13–19 digits, single spaces or dashes allowed, a known issuer and a valid check digit',
    source: 'ISO/IEC 7812-1 and the networks’ published ranges (card.ts)',
    falsePositives:
      'of 100,000 random numbers of 16 digits 3,100, of 19 digits 1,500; none of dates, phones, ids of 9–12 digits, milliseconds',
    find: findCards,
    mayContain: mayContainNumbers,
    numeric: true,
  },
  {
    name: 'ssn',
    what: 'US Social Security numbers and ITINs, written ddd-dd-dddd, or nine digits behind a word that says so',
    source: 'SSA and IRS numbering rules (ssn.ts)',
    falsePositives: 'none of random ids, dates and phones; part numbers of the same shape',
    find: findSsns,
    mayContain: mayContainNumbers,
    numeric: true,
  },
  {
    name: 'api_key',
    what: `keys and tokens of ${new Set(KEY_FORMATS.map((format) => format.vendor)).size} vendors, known by their prefix`,
    source: 'vendors’ documentation, gitleaks rules (MIT), facts only (api-keys.ts)',
    falsePositives: 'none of random ids, uuids and hashes',
    find: keys.find,
    mayContain: keys.mayContain,
    numeric: false,
  },
  {
    name: 'email',
    what: 'mail addresses',
    source: 'RFC 5322 dot-atom, RFC 1035 domain',
    falsePositives: 'low; package names such as a@1.2.3 count',
    find: findEmails,
    mayContain: (src, start, end) => has(src, start, end, Buffer.from('@')),
    numeric: false,
  },
  {
    name: 'iban',
    what: 'international bank account numbers',
    source: 'SWIFT IBAN registry, ISO 13616, ISO 7064 mod 97-10',
    falsePositives: 'none of random ids',
    find: findIbans,
    mayContain: () => true,
    numeric: false,
  },
  {
    name: 'jwt',
    what: 'JSON web tokens',
    source: 'RFC 7519',
    falsePositives: 'none of random ids',
    find: jwts.find,
    mayContain: jwts.mayContain,
    numeric: false,
  },
  {
    name: 'private_key',
    what: 'PEM and OpenPGP private keys',
    source: 'RFC 7468, RFC 9580',
    falsePositives: 'none of random ids',
    find: findPrivateKeys,
    mayContain: (src, start, end) => has(src, start, end, PRIVATE_KEY_MARK),
    numeric: false,
  },
  {
    name: 'phone',
    what: 'phone numbers: international with +, North American with separators',
    source: 'ITU-T E.164, North American Numbering Plan',
    falsePositives: 'none of random ids, dates and uuids; any number in groups of 3, 3 and 4',
    find: findPhones,
    mayContain: () => true,
    numeric: false,
  },
]

/** Whether `what` stands in `[start, end)`. */
export function has(src: Buffer, start: number, end: number, what: Buffer): boolean {
  return src.subarray(start, end).indexOf(what) >= 0
}

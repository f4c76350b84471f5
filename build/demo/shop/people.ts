import { CULTURES, type Culture } from './names.ts'
import { COUNTRIES, type Country } from './places.ts'
import type { Random } from './random.ts'

export interface Person {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly country: string
  readonly home: Address
}

export interface Address {
  readonly line1: string
  readonly line2: string | null
  readonly city: string
  readonly region: string
  readonly postcode: string
  readonly country: string
}

/** Domains kept for documentation (RFC 2606 and RFC 6761), so that no message reaches anybody. */
const DOMAINS = ['mail.example', 'post.example', 'inbox.example', 'example.com', 'example.net', 'fastmail.example', 'home.example']
const DOMAIN_WEIGHTS = [30, 14, 18, 14, 8, 10, 6]
const COUNTRY_WEIGHTS = COUNTRIES.map((country) => country.weight)
const CULTURE_WEIGHTS = CULTURES.map((culture) => culture.weight)

/** Makes people whose e-mail addresses are all different. */
export function makePeople(random: Random): { next(country?: string): Person } {
  const taken = new Map<string, number>()
  return {
    next(code) {
      const country = code === undefined ? COUNTRIES[random.weighted(COUNTRY_WEIGHTS)]! : countryOf(code)
      const culture = cultureIn(country, random)
      const native = culture.native !== undefined && random.chance(0.12) ? random.pick(culture.native) : undefined
      const given = random.pick(culture.given)
      const family = random.pick(culture.family)
      const name = native?.[0] ?? (culture.familyFirst === true ? `${family} ${given}` : `${given} ${family}`)
      const home = makeAddress(country, random)
      return {
        name,
        email: uniqueEmail(native?.[1] ?? localPart(given, family, random), random, taken),
        phone: fill(home.phone, random),
        country: country.code,
        home: home.address,
      }
    },
  }
}

/** An address in this country; another one for the same person, say. */
export function makeAddressIn(code: string, random: Random): Address {
  return makeAddress(countryOf(code), random).address
}

function countryOf(code: string): Country {
  const country = COUNTRIES.find((each) => each.code === code)
  if (country === undefined) throw new RangeError(`no places are known for the country ${code}`)
  return country
}

function cultureIn(country: Country, random: Random): Culture {
  if (country.cultures.length > 0 && random.chance(0.8)) {
    const key = random.pick(country.cultures)
    const found = CULTURES.find((culture) => culture.key === key)
    if (found !== undefined) return found
  }
  return CULTURES[random.weighted(CULTURE_WEIGHTS)]!
}

function makeAddress(country: Country, random: Random): { readonly address: Address; readonly phone: string } {
  const city = random.pick(country.cities)
  const number = String(random.chance(0.7) ? random.int(1, 240) : random.int(241, 9800))
  return {
    phone: city.phone,
    address: {
      line1: country.line.replace('{n}', number).replace('{s}', random.pick(country.streets)),
      line2: random.chance(0.3) ? random.pick(country.second) : null,
      city: city.city,
      region: city.region,
      postcode: fill(city.postcode, random),
      country: country.code,
    },
  }
}

function fill(pattern: string, random: Random): string {
  return pattern.replace(/[#@]/g, (sign) => (sign === '#' ? String(random.int(0, 9)) : 'ABCEGHJKLMNPRSTVXY'.charAt(random.int(0, 17))))
}

function localPart(given: string, family: string, random: Random): string {
  const first = plain(given)
  const last = plain(family)
  const shapes = [
    `${first}.${last}`,
    `${first}${last}`,
    `${first.charAt(0)}.${last}`,
    `${first}_${last}`,
    `${first}${random.int(51, 99)}`,
    `${last}.${first}`,
  ]
  return shapes[random.weighted([38, 20, 16, 8, 10, 8])]!
}

function uniqueEmail(local: string, random: Random, taken: Map<string, number>): string {
  const address = (mark: string) => `${local}${mark}@${domain}`
  const domain = DOMAINS[random.weighted(DOMAIN_WEIGHTS)]!
  const key = address('')
  const seen = taken.get(key) ?? 0
  taken.set(key, seen + 1)
  if (seen === 0) return key
  const marked = address(String(seen + 1))
  if (taken.has(marked)) return uniqueEmail(`${local}.${seen}`, random, taken)
  taken.set(marked, 1)
  return marked
}

const LETTERS: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', đ: 'd', æ: 'ae', å: 'a', ß: 'ss', ı: 'i', ð: 'd', þ: 'th' }

/** Letters as they stand in an e-mail address. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[øłđæåßıðþ]/g, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFD')
    .replace(/[^a-z]/g, '')
}

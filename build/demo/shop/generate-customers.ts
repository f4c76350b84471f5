import type { Value } from './copy-text.ts'
import { makeSsn } from './numbers.ts'
import { makeAddressIn, makePeople, type Person } from './people.ts'
import type { Random } from './random.ts'
import { DAY_MS, type ShopOptions, type TableRows } from './shop-options.ts'

const TIERS = ['none', 'bronze', 'silver', 'gold']
const TAGS = ['newsletter', 'wholesale', 'press', 'returns-often', 'beta', 'vip', 'gift-buyer']

/** How long the shop has had customers. Their ids rise with time. */
const HISTORY_MS = 1600 * DAY_MS

/** How many of `count` customers had an account at this moment; at least one. */
export function customersAt(at: Date, today: Date, count: number): number {
  return Math.max(1, Math.floor(count * (1 - (today.getTime() - at.getTime()) / HISTORY_MS)) - 1)
}

export interface Customer extends Person {
  readonly id: number
  /** Ids of this customer's addresses. */
  readonly addresses: readonly number[]
  readonly createdAt: Date
}

export function generateCustomers(
  random: Random,
  options: ShopOptions,
): { readonly tables: TableRows[]; readonly people: readonly Customer[] } {
  const people: Customer[] = []
  const customers: Value[][] = []
  const addresses: Value[][] = []
  const maker = makePeople(random)
  const count = Math.max(200, Math.round(24_000 * options.scale))
  for (let id = 1; id <= count; id++) {
    // The first few are what people look at first: all of them have every column filled.
    const person = maker.next(id <= 5 ? 'US' : undefined)
    const createdAt = new Date(options.today.getTime() - 1000 - Math.floor(((count - id + random.next()) / count) * HISTORY_MS))
    people.push({ ...person, id, createdAt, addresses: addAddresses(id, person, addresses, random) })
    customers.push(customerRow(id, person, createdAt, options.today, random))
  }
  const tables: TableRows[] = [
    {
      table: 'public.customers',
      columns: 'id,name,email,phone,ssn,born,city,country,tier,tags,preferences,created_at,updated_at'.split(','),
      rows: () => customers,
    },
    {
      table: 'public.addresses',
      columns: 'id,customer_id,kind,line1,line2,city,region,postcode,country'.split(','),
      rows: () => addresses,
    },
  ]
  return { tables, people }
}

function customerRow(id: number, person: Person, createdAt: Date, today: Date, random: Random): Value[] {
  const born = new Date(Date.UTC(today.getUTCFullYear() - random.int(19, 84), random.int(0, 11), random.int(1, 28)))
  const preferences = {
    language: person.country === 'DE' ? 'de' : person.country === 'FR' ? 'fr' : random.chance(0.1) ? 'es' : 'en',
    newsletter: random.chance(0.4),
    currency: person.country === 'US' ? 'USD' : 'EUR',
    ...(random.chance(0.2) ? { sizes: { shoe: random.int(36, 46), top: random.pick(['S', 'M', 'L', 'XL']) } } : {}),
  }
  return [
    id,
    person.name,
    person.email,
    id <= 5 || random.chance(0.9) ? person.phone : null,
    person.country === 'US' && (id <= 5 || random.chance(0.85)) ? makeSsn(random) : null,
    born.toISOString().slice(0, 10),
    person.home.city,
    person.country,
    TIERS[random.weighted([58, 24, 13, 5])]!,
    TAGS.filter(() => random.chance(0.12)),
    preferences,
    createdAt,
    new Date(createdAt.getTime() + Math.floor(random.next() * (today.getTime() - createdAt.getTime()))),
  ]
}

function addAddresses(customer: number, person: Person, rows: Value[][], random: Random): number[] {
  const ids: number[] = []
  const add = (kind: string, { line1, line2, city, region, postcode, country }: Person['home']) => {
    const id = rows.length + 1
    ids.push(id)
    rows.push([id, customer, kind, line1, line2, city, region, postcode, country])
  }
  add('home', person.home)
  if (random.chance(0.28)) add(random.pick(['work', 'billing', 'gift']), makeAddressIn(person.country, random))
  return ids
}

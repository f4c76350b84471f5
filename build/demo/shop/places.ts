/** Where the shop's customers live: cities with their region and first digits of the postcode, streets, and the shape of a telephone number. Plain data. */
export interface City {
  readonly city: string
  readonly region: string
  /** `#` is a digit, `@` a capital letter. */
  readonly postcode: string
  /** `#` is a digit. */
  readonly phone: string
}

export interface Country {
  readonly code: string
  readonly weight: number
  readonly cities: readonly City[]
  readonly streets: readonly string[]
  /** `{n}` house number, `{s}` street. */
  readonly line: string
  /** In this country the name of a flat or floor follows now and then. */
  readonly second: readonly string[]
  /** Culture keys met more often here. */
  readonly cultures: readonly string[]
}

const city = (name: string, region: string, postcode: string, phone: string): City => ({ city: name, region, postcode, phone })

export const COUNTRIES: readonly Country[] = [
  {
    code: 'US',
    weight: 70,
    cities: [
      city('Portland', 'OR', '972##', '+1 503 555 0###'),
      city('Seattle', 'WA', '981##', '+1 206 555 0###'),
      city('San Jose', 'CA', '951##', '+1 408 555 0###'),
      city('Los Angeles', 'CA', '900##', '+1 213 555 0###'),
      city('Albuquerque', 'NM', '871##', '+1 505 555 0###'),
      city('Phoenix', 'AZ', '850##', '+1 602 555 0###'),
      city('Denver', 'CO', '802##', '+1 303 555 0###'),
      city('Austin', 'TX', '787##', '+1 512 555 0###'),
      city('Houston', 'TX', '770##', '+1 713 555 0###'),
      city('Minneapolis', 'MN', '554##', '+1 612 555 0###'),
      city('Chicago', 'IL', '606##', '+1 312 555 0###'),
      city('Detroit', 'MI', '482##', '+1 313 555 0###'),
      city('Atlanta', 'GA', '303##', '+1 404 555 0###'),
      city('Miami', 'FL', '331##', '+1 305 555 0###'),
      city('Raleigh', 'NC', '276##', '+1 919 555 0###'),
      city('Baltimore', 'MD', '212##', '+1 410 555 0###'),
      city('Philadelphia', 'PA', '191##', '+1 215 555 0###'),
      city('Brooklyn', 'NY', '112##', '+1 718 555 0###'),
      city('Boston', 'MA', '021##', '+1 617 555 0###'),
      city('Honolulu', 'HI', '968##', '+1 808 555 0###'),
    ],
    streets: [
      'Alder Street',
      'Beacon Avenue',
      'Cedar Lane',
      'Delancey Street',
      'Elm Court',
      'Fremont Avenue',
      'Garfield Street',
      'Hawthorne Boulevard',
      'Irving Place',
      'Juniper Road',
      'Kensington Drive',
      'Larkspur Way',
      'Magnolia Avenue',
      'Northrup Street',
      'Orchard Road',
      'Prospect Street',
      'Quarry Road',
      'Riverside Drive',
      'Sycamore Street',
      'Union Street',
      'Valencia Street',
      'Willow Lane',
    ],
    line: '{n} {s}',
    second: ['Apt 2B', 'Apt 14', 'Unit 7', 'Suite 300', '#3', 'Floor 2', 'Apt 801'],
    cultures: [],
  },
  {
    code: 'CA',
    weight: 6,
    cities: [
      city('Toronto', 'ON', 'M#@ #@#', '+1 416 555 0###'),
      city('Montréal', 'QC', 'H#@ #@#', '+1 514 555 0###'),
      city('Vancouver', 'BC', 'V#@ #@#', '+1 604 555 0###'),
    ],
    streets: ['Bloor Street West', 'Rue Sainte-Catherine', 'Granville Street', 'Dundas Street', 'Avenue du Parc', 'Commercial Drive'],
    line: '{n} {s}',
    second: ['Apt 5', 'Unit 1204', 'Bureau 200'],
    cultures: ['french', 'english', 'chinese', 'indian'],
  },
  {
    code: 'GB',
    weight: 6,
    cities: [
      city('London', 'Greater London', 'E# #@@', '+44 20 7946 0###'),
      city('Leeds', 'West Yorkshire', 'LS# #@@', '+44 113 496 0###'),
      city('Cardiff', 'Wales', 'CF## #@@', '+44 29 2018 0###'),
      city('Edinburgh', 'Scotland', 'EH# #@@', '+44 131 496 0###'),
    ],
    streets: ['Mill Lane', 'Station Road', 'Chapel Street', 'Queens Crescent', 'Abbey Close', 'Victoria Terrace', 'Canal Walk'],
    line: '{n} {s}',
    second: ['Flat 3', 'Flat 12A', 'Basement flat'],
    cultures: ['english', 'irish-welsh', 'pakistani-bengali', 'nigerian'],
  },
  {
    code: 'DE',
    weight: 5,
    cities: [
      city('Berlin', 'Berlin', '10###', '+49 30 23125 ###'),
      city('München', 'Bayern', '80###', '+49 89 99998 ###'),
      city('Hamburg', 'Hamburg', '20###', '+49 40 66969 ###'),
    ],
    streets: ['Lindenstraße', 'Gartenweg', 'Schillerstraße', 'Am Markt', 'Hauptstraße', 'Bergmannstraße', 'Kastanienallee'],
    line: '{s} {n}',
    second: ['2. OG links', 'Hinterhaus', 'c/o Weber'],
    cultures: ['german', 'turkish', 'russian-ukrainian', 'polish'],
  },
  {
    code: 'FR',
    weight: 3,
    cities: [
      city('Lyon', 'Auvergne-Rhône-Alpes', '6900#', '+33 4 65 71 ## ##'),
      city('Paris', 'Île-de-France', '750##', '+33 1 99 00 ## ##'),
    ],
    streets: ['rue des Lilas', 'avenue Victor-Hugo', 'rue de la République', 'quai Saint-Antoine', 'boulevard Voltaire'],
    line: '{n} {s}',
    second: ['Bât. B', '3e étage'],
    cultures: ['french', 'arabic'],
  },
  {
    code: 'SE',
    weight: 2,
    cities: [
      city('Göteborg', 'Västra Götaland', '411 ##', '+46 31 390 06 ##'),
      city('Stockholm', 'Stockholm', '113 ##', '+46 8 465 004 ##'),
    ],
    streets: ['Storgatan', 'Kungsgatan', 'Björkvägen', 'Skolgatan', 'Södra Vägen'],
    line: '{s} {n}',
    second: ['lgh 1201', 'lgh 1003'],
    cultures: ['nordic'],
  },
  {
    code: 'MX',
    weight: 3,
    cities: [city('Guadalajara', 'Jalisco', '44###', '+52 33 5550 0###'), city('Ciudad de México', 'CDMX', '06###', '+52 55 5550 0###')],
    streets: ['Avenida Juárez', 'Calle Morelos', 'Calzada Independencia', 'Calle 5 de Mayo', 'Avenida Chapultepec'],
    line: '{s} {n}',
    second: ['Int. 4', 'Depto. 302'],
    cultures: ['latino'],
  },
  {
    code: 'BR',
    weight: 2,
    cities: [city('São Paulo', 'SP', '01###-###', '+55 11 5550 0###'), city('Recife', 'PE', '50###-###', '+55 81 5550 0###')],
    streets: ['Rua das Flores', 'Avenida Paulista', 'Rua Aurora', 'Rua do Sol', 'Travessa São João'],
    line: '{s}, {n}',
    second: ['Apto 71', 'Bloco C'],
    cultures: ['brazilian'],
  },
  {
    code: 'JP',
    weight: 2,
    cities: [city('Osaka', 'Osaka', '53#-00##', '+81 6 5550 0###'), city('Tokyo', 'Tokyo', '15#-00##', '+81 3 5550 0###')],
    streets: ['Umeda', 'Nakazakicho', 'Ebisu', 'Shimokitazawa', 'Kitahama'],
    line: '{n}-4 {s}',
    second: ['Room 502', 'Room 203'],
    cultures: ['japanese', 'korean'],
  },
  {
    code: 'AU',
    weight: 1,
    cities: [city('Melbourne', 'VIC', '30##', '+61 3 5550 0###'), city('Brisbane', 'QLD', '40##', '+61 7 5550 0###')],
    streets: ['Swan Street', 'Brunswick Street', 'Wattle Grove', 'Gipps Street'],
    line: '{n} {s}',
    second: ['Unit 4', 'Level 1'],
    cultures: ['english', 'greek', 'vietnamese', 'italian'],
  },
]

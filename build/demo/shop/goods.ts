import type { Random } from './random.ts'

/** What the shop sells: an outdoor and home store. Plain data, put together by `makeProduct`. */
export interface Category {
  readonly name: string
  readonly slug: string
  readonly parent: string | null
  readonly nouns: readonly string[]
  /** US dollars, least and most. */
  readonly price: readonly [number, number]
}

const category = (slug: string, name: string, parent: string | null, price: readonly [number, number], nouns: string): Category => ({
  slug,
  name,
  parent,
  price,
  nouns: nouns === '' ? [] : nouns.split(','),
})

export const CATEGORIES: readonly Category[] = [
  category('outdoors', 'Outdoors', null, [0, 0], ''),
  category('kitchen', 'Kitchen', null, [0, 0], ''),
  category('home', 'Home', null, [0, 0], ''),
  category('clothing', 'Clothing', null, [0, 0], ''),
  category('desk', 'Desk and study', null, [0, 0], ''),
  category('tents', 'Tents', 'outdoors', [120, 640], 'two-person tent,four-person tent,bivy,tarp shelter,bell tent'),
  category('sleeping', 'Sleeping bags', 'outdoors', [60, 420], 'down bag,quilt,sleeping mat,liner,travel pillow'),
  category('packs', 'Packs', 'outdoors', [45, 320], 'daypack,trekking pack,duffel,hip pack,roll-top bag'),
  category('lights', 'Lights', 'outdoors', [12, 140], 'headlamp,lantern,bike light,torch'),
  category('bottles', 'Bottles and flasks', 'outdoors', [14, 64], 'steel bottle,flask,filter bottle,mug'),
  category('pans', 'Pots and pans', 'kitchen', [28, 260], 'skillet,saucepan,stock pot,wok,roasting tin'),
  category('knives', 'Knives', 'kitchen', [18, 240], 'chef’s knife,paring knife,bread knife,santoku,steel'),
  category('coffee', 'Coffee', 'kitchen', [16, 390], 'hand grinder,pour-over dripper,moka pot,kettle,espresso tamper'),
  category('baking', 'Baking', 'kitchen', [9, 95], 'loaf tin,proving basket,rolling pin,mixing bowl,cake ring'),
  category('bedding', 'Bedding', 'home', [30, 280], 'linen sheet,duvet cover,wool blanket,pillowcase'),
  category('lamps', 'Lamps', 'home', [35, 310], 'desk lamp,floor lamp,pendant,reading light'),
  category('storage', 'Storage', 'home', [12, 180], 'basket,shelf,crate,coat rack,tool box'),
  category('plants', 'Plants and pots', 'home', [8, 120], 'planter,watering can,herb kit,saucer'),
  category('jackets', 'Jackets', 'clothing', [70, 460], 'rain shell,down jacket,fleece,wind jacket,parka'),
  category('shoes', 'Shoes', 'clothing', [65, 290], 'trail shoe,hiking boot,sandal,wool slipper'),
  category('knitwear', 'Knitwear', 'clothing', [40, 190], 'merino jumper,beanie,scarf,cardigan'),
  category('socks', 'Socks', 'clothing', [9, 34], 'hiking socks,running socks,ski socks'),
  category('paper', 'Paper', 'desk', [4, 48], 'notebook,dot-grid pad,letter set,wall planner'),
  category('pens', 'Pens', 'desk', [3, 160], 'fountain pen,gel pen,pencil set,brush pen'),
]

const LINES = [
  'Fjord',
  'Juniper',
  'Kestrel',
  'Mesa',
  'Tamarack',
  'Harbor',
  'Alpenglow',
  'Driftwood',
  'Sable',
  'Quarry',
  'Larch',
  'Copperline',
  'Moraine',
  'Wren',
  'Saltmarsh',
  'Ember',
]
const COLOURS = ['slate', 'moss', 'rust', 'sand', 'ink', 'oat', 'fern', 'clay', 'storm', 'plum']
const MATERIALS = [
  'recycled nylon',
  'cast iron',
  'merino wool',
  'beech',
  'stainless steel',
  'organic cotton',
  'cork',
  'enamel',
  'linen',
  'ripstop polyester',
]
const TAGS = ['new', 'bestseller', 'gift', 'repairable', 'vegan', 'outlet', 'made-to-order', 'limited', 'refill', 'heavy']

export interface Product {
  readonly sku: string
  readonly name: string
  readonly description: string
  readonly category: number
  readonly price: string
  readonly attributes: Record<string, string | number | boolean>
  readonly tags: readonly string[]
  readonly active: boolean
}

const SOLD = CATEGORIES.map((each, index) => ({ each, id: index + 1 })).filter(({ each }) => each.nouns.length > 0)

/** One product; `number` (from 1) makes its stock-keeping code unique. */
export function makeProduct(number: number, random: Random): Product {
  const { each, id } = random.pick(SOLD)
  const noun = random.pick(each.nouns)
  const line = random.pick(LINES)
  const colour = random.pick(COLOURS)
  const material = random.pick(MATERIALS)
  const [low, high] = each.price
  return {
    sku: `${each.slug.slice(0, 3).toUpperCase()}-${String(number).padStart(5, '0')}`,
    name: `${line} ${noun}, ${colour}`,
    description: `${line} ${noun} in ${colour}. Made of ${material}; spare parts are kept for ${random.int(5, 15)} years.`,
    category: id,
    price: `${random.int(low, high)}.${random.pick(['00', '50', '90', '95'])}`,
    attributes: { colour, material, weight_g: random.int(40, 4800), repairable: random.chance(0.6) },
    tags: TAGS.filter(() => random.chance(0.16)),
    active: random.chance(0.93),
  }
}

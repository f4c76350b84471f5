const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
}

function scaled(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^([0-9]{1,12})([A-Za-z]{1,3})$/.exec(text.trim())
  if (match === null) return undefined
  const unit = Object.hasOwn(units, match[2]!) ? units[match[2]!] : undefined
  const value = Number(match[1]) * (unit ?? Number.NaN)
  return Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** `30s` → 30000 milliseconds. Undefined when it is no duration above zero. */
export function parseDuration(text: string): number | undefined {
  return scaled(text, DURATION_UNITS)
}

/** `64MiB` → 67108864 bytes. Undefined when it is no size above zero. */
export function parseSize(text: string): number | undefined {
  return scaled(text, SIZE_UNITS)
}

/** Where a server listens. Port 0 is any free port. */
export interface ListenAddress {
  /** Without brackets. */
  readonly host: string
  readonly port: number
}

/** `127.0.0.1:6432`, `[::1]:0`, `localhost:8443`. */
export function parseListen(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9._-]{1,253})):([0-9]{1,5})$/.exec(text)
  const port = Number(match?.[3])
  if (match === null || port > 65535) return undefined
  return { host: (match[1] ?? match[2])!, port }
}

/** True for addresses that only this machine can reach. Names other than `localhost` are never believed to be. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(bare)
}

/** When a rule holds: local time of the host, `[fromMinute, toMinute)` since midnight; days as `Date.getDay()` counts, 0 is Sunday. */
export interface Hours {
  readonly fromMinute: number
  readonly toMinute: number
  readonly days: readonly number[] | undefined
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function parseDays(text: string): number[] | undefined {
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last, ...rest] = part.split('-').map((day) => DAYS.indexOf(day))
    if (first === undefined || first < 0 || last === -1 || rest.length > 0) return undefined
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === (last ?? first)) break
    }
  }
  return [...days].sort()
}

/** `09:00-17:30`, `mon-fri 09:00-17:30`, `sat,sun 00:00-24:00`. Past midnight is written as two rules. */
export function parseHours(text: string): Hours | undefined {
  const match = /^(?:([a-z,-]+) )?([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])$/.exec(text.trim().toLowerCase())
  if (match === null) return undefined
  const fromMinute = Number(match[2]) * 60 + Number(match[3])
  const toMinute = Number(match[4]) * 60 + Number(match[5])
  const days = match[1] === undefined ? undefined : parseDays(match[1])
  if (match[1] !== undefined && days === undefined) return undefined
  return fromMinute < toMinute && toMinute <= 1440 ? { fromMinute, toMinute, days } : undefined
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const two = (value: number) => String(value).padStart(2, '0')

/** Time left on a clock: `8:41`, `1:04:10`. Rounded up, so that it reads 0:00 only when it is over. Milliseconds. */
export function clockWords(left: number): string {
  const seconds = Math.max(0, Math.ceil(left / SECOND))
  const hours = Math.floor(seconds / 3600)
  const rest = `${Math.floor((seconds % 3600) / 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}` : rest
}

/** `0.4 ms`, `612 ms`, `1.4 s`, `34 min`, `1 h 12 min`, `3 d 2 h`. Milliseconds. */
export function durationWords(ms: number): string {
  if (ms < 10) return `${Math.max(0, Math.round(ms * 10) / 10)} ms`
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return both(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min')
  return both(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h')
}

const both = (big: number, bigUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`

/** How long ago, under a day: `just now`, `14 min ago`; then `Yesterday, 17:40`, `Mon, 11:25`, `12 Nov`, `12 Nov 2025`. A time ahead counts as now. */
export function agoWords(at: number, now: number): string {
  const age = now - at
  if (age < 10 * SECOND) return 'just now'
  if (age < DAY)
    return `${durationWords(age < MINUTE ? Math.floor(age / SECOND) * SECOND : age)
      .replace(/\.\d s$/, ' s')
      .replace(/ h \d+ min$/, ' h')} ago`
  const date = new Date(at)
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY)
  if (days <= 1) return `Yesterday, ${time}`
  if (days < 7) return `${date.toLocaleDateString('en-GB', { weekday: 'short' })}, ${time}`
  const sameYear = date.getFullYear() === new Date(now).getFullYear()
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}

const startOfDay = (at: number) => new Date(at).setHours(0, 0, 0, 0)

// Made once: making one costs more than all else that a row does.
const DAY_WORDS = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })

/** For hover and screen readers: `Tue 24 Nov 2026, 14:10:05`. */
export function exactWords(at: number): string {
  return `${DAY_WORDS.format(at).replace(/^(\w+),/, '$1')}, ${secondsWords(at)}`
}

/** `14:10:05`. */
export function secondsWords(at: number): string {
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `14:10`. */
export function minuteWords(at: number): string {
  return secondsWords(at).slice(0, 5)
}

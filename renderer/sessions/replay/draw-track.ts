import type { Outcome } from '../../ui/parts/verdict-mark.tsx'
import { durationWords, minuteWords, secondsWords } from '../../ui/time/words.ts'
import { type Film, firstReaching, placeAt, timeAt } from './film.ts'
import type { Scene } from './scenes.ts'

/** The tokens that the track is drawn in. */
export type Inks = Readonly<
  Record<'allow' | 'deny' | 'ask' | 'askTint' | 'askHatch' | 'mask' | 'off' | 'text' | 'line' | 'surface' | 'sunken', string>
>

const TOKENS: Inks = {
  allow: '--sp-allow-solid',
  deny: '--sp-deny-solid',
  ask: '--sp-ask-solid',
  askTint: '--sp-ask-tint',
  askHatch: '--sp-ask-hatch',
  mask: '--sp-mask-solid',
  off: '--sp-text-3',
  text: '--sp-text-3',
  line: '--sp-line',
  surface: '--sp-surface',
  sunken: '--sp-sunken',
}

export function readInks(element: Element): Inks {
  const style = getComputedStyle(element)
  return Object.fromEntries(Object.entries(TOKENS).map(([name, token]) => [name, style.getPropertyValue(token).trim()])) as Inks
}

/** Places on the film, in its milliseconds. */
export interface View {
  readonly from: number
  readonly to: number
}

/** Rows of the track from above: ruler, marks, bars, masked ticks, untrusted reads. CSS pixels. */
export const TRACK = { height: 108, ruler: 14, marks: 28, bars: 42, barHeight: 30, masked: 76, untrusted: 88 } as const
/** Bars under this are this wide, and where more than one falls in it they are drawn as one. */
const CELL = 4

const RANK: Record<Outcome, number> = {
  allowed: 0,
  masked: 0,
  failed: 1,
  lapsed: 2,
  approved: 3,
  held: 4,
  'denied-by-person': 5,
  denied: 6,
}

interface Cell {
  count: number
  worst: Outcome
  masked: boolean
  untrusted: boolean
}

/** Bars by duration and verdict, on a canvas that is `width` × `TRACK.height` CSS pixels. Time grows with what is in view, never with pages. */
export function drawTrack(context: CanvasRenderingContext2D, film: Film, view: View, width: number, inks: Inks): void {
  context.clearRect(0, 0, width, TRACK.height)
  const scale = width / Math.max(1e-6, view.to - view.from)
  const at = (place: number) => (place - view.from) * scale
  drawRuler(context, film, view, width, inks)
  for (const gap of film.gaps) {
    const left = at(gap.place)
    const right = at(gap.place + gap.length)
    if (right < 0 || left > width) continue
    drawGap(context, left, right - left, gap.to - gap.from, inks)
  }
  const cells = new Map<number, Cell>()
  for (let index = firstReaching(film, view.from); index < film.scenes.length; index++) {
    const from = film.from[index] ?? 0
    if (from > view.to) break
    const scene = film.scenes[index] as Scene
    const left = at(from)
    const right = at(film.to[index] ?? from)
    if (right - left < CELL) {
      const cell = cells.get(Math.floor(left / CELL))
      if (cell) {
        cell.count++
        if (RANK[scene.outcome] > RANK[cell.worst]) cell.worst = scene.outcome
        cell.masked ||= scene.masked
        cell.untrusted ||= scene.untrusted
      } else cells.set(Math.floor(left / CELL), { count: 1, worst: scene.outcome, masked: scene.masked, untrusted: scene.untrusted })
    } else {
      drawBar(context, scene, left, at(film.released[index] ?? from), right, inks)
      const sent = Math.min(right - CELL, Math.max(left, at(film.released[index] ?? from)))
      if (scene.masked) drawMasked(context, sent, right - sent, inks)
      if (scene.untrusted) drawUntrusted(context, (left + right) / 2, inks)
    }
  }
  drawCells(context, cells, inks)
  drawMarks(context, film, view, at, cells, inks)
}

function drawCells(context: CanvasRenderingContext2D, cells: ReadonlyMap<number, Cell>, inks: Inks): void {
  let most = 1
  for (const cell of cells.values()) most = Math.max(most, cell.count)
  let lastUntrusted = Number.NEGATIVE_INFINITY
  for (const [place, cell] of cells) {
    const left = place * CELL
    const height = most === 1 ? TRACK.barHeight : 8 + ((TRACK.barHeight - 8) * Math.log(cell.count + 1)) / Math.log(most + 1)
    const top = TRACK.bars + TRACK.barHeight - height
    context.fillStyle = inks.allow
    if (cell.count === 1 && cell.worst !== 'approved') context.fillStyle = inkOf(cell.worst, inks)
    context.fillRect(left, top, CELL - 1, height)
    if (cell.count > 1 && RANK[cell.worst] > 0) {
      context.fillStyle = inkOf(cell.worst, inks)
      context.fillRect(left, top, CELL - 1, Math.max(6, height / 3))
    }
    if (cell.masked) drawMasked(context, left, CELL, inks)
    if (cell.untrusted && left - lastUntrusted > 12) {
      drawUntrusted(context, left + 2, inks)
      lastUntrusted = left
    }
  }
}

function inkOf(outcome: Outcome, inks: Inks): string {
  switch (outcome) {
    case 'denied':
    case 'denied-by-person':
      return inks.deny
    case 'held':
      return inks.ask
    case 'lapsed':
    case 'failed':
      return inks.off
    default:
      return inks.allow
  }
}

function drawBar(context: CanvasRenderingContext2D, scene: Scene, left: number, released: number, right: number, inks: Inks): void {
  const top = TRACK.bars
  const height = TRACK.barHeight
  const gate = Math.max(left, Math.min(right, released))
  if (scene.asked && gate - left >= 1) {
    const off = scene.outcome === 'lapsed'
    hatch(context, left, top, gate - left, height, off ? inks.sunken : inks.askTint, off ? inks.line : inks.askHatch)
    context.strokeStyle = off ? inks.off : inks.ask
    context.lineWidth = 1
    context.strokeRect(left + 0.5, top + 0.5, Math.max(1, gate - left - 1), height - 1)
    if (scene.outcome === 'denied-by-person') {
      context.fillStyle = inks.deny
      context.fillRect(gate - 2, top - 10, 3, height + 10)
    }
    const words = scene.outcome === 'held' ? 'held' : `held ${durationWords(scene.released - scene.at)}${scene.by ? ` · ${scene.by}` : ''}`
    context.font = '500 11px Geist, sans-serif'
    const room = context.measureText(words).width + 12
    if (room < gate - left - 8) {
      context.fillStyle = inks.surface
      context.fillRect(left + 6, top + 7, room, 16)
      context.fillStyle = off ? inks.off : inks.ask
      context.fillText(words, left + 12, top + 19)
    }
  }
  const rest = Math.max(scene.outcome === 'approved' || !scene.asked ? 2 : 0, right - gate)
  if (rest <= 0) return
  context.fillStyle = inkOf(scene.outcome, inks)
  context.beginPath()
  context.roundRect(gate, top, rest, height, 2)
  context.fill()
}

const MARKS: Partial<Record<Outcome, { readonly path: Path2D; readonly glyph: Path2D | undefined }>> = {}
const DIAMOND = 'M7 1.2a1.4 1.4 0 0 1 2 0L14.8 7a1.4 1.4 0 0 1 0 2L9 14.8a1.4 1.4 0 0 1-2 0L1.2 9a1.4 1.4 0 0 1 0-2z'
const OCTAGON = 'M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2z'
const GLYPHS: Partial<Record<Outcome, readonly [shape: string, glyph: string]>> = {
  held: [DIAMOND, 'M8 4.8V8.3l2.2 1.5'],
  approved: [DIAMOND, 'M5.3 8.2l1.9 1.9 3.5-4'],
  'denied-by-person': [DIAMOND, 'M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2'],
  denied: [OCTAGON, 'M4.8 8h6.4'],
  lapsed: [DIAMOND, 'M5.5 8h5'],
}

function markOf(outcome: Outcome) {
  const known = MARKS[outcome]
  if (known) return known
  const shape = GLYPHS[outcome]
  if (!shape) return undefined
  const made = { path: new Path2D(shape[0]), glyph: new Path2D(shape[1]) }
  MARKS[outcome] = made
  return made
}

/** What a person or a rule ended stands above its bar; where they crowd, the worst of them. */
function drawMarks(
  context: CanvasRenderingContext2D,
  film: Film,
  view: View,
  at: (place: number) => number,
  cells: ReadonlyMap<number, Cell>,
  inks: Inks,
): void {
  const marks: { x: number; outcome: Outcome }[] = []
  for (const [place, cell] of cells) if (RANK[cell.worst] > 1) marks.push({ x: place * CELL + 2, outcome: cell.worst })
  for (let index = firstReaching(film, view.from); index < film.scenes.length; index++) {
    const from = film.from[index] ?? 0
    if (from > view.to) break
    const right = at(film.to[index] ?? from)
    const left = at(from)
    const { outcome } = film.scenes[index] as Scene
    if (right - left >= CELL && RANK[outcome] > 1) marks.push({ x: Math.max(left, at(film.released[index] ?? from)), outcome })
  }
  marks.sort((a, b) => RANK[b.outcome] - RANK[a.outcome])
  const taken = new Set<number>()
  for (const { x, outcome } of marks) {
    const slot = Math.floor(x / 15)
    if (taken.has(slot) || taken.has(slot - 1) || taken.has(slot + 1)) continue
    taken.add(slot)
    const mark = markOf(outcome)
    if (!mark) continue
    context.save()
    context.translate(x - 6, TRACK.marks)
    context.scale(0.75, 0.75)
    context.fillStyle = inkOf(outcome, inks)
    context.fill(mark.path)
    if (mark.glyph) {
      context.strokeStyle = inks.surface
      context.lineWidth = 1.8
      context.lineCap = 'round'
      context.stroke(mark.glyph)
    }
    context.restore()
  }
}

function drawMasked(context: CanvasRenderingContext2D, left: number, width: number, inks: Inks): void {
  context.fillStyle = inks.mask
  for (let x = 0; x < Math.max(2, width - 1); x += 4) context.fillRect(left + x, TRACK.masked, 2, 6)
}

function drawUntrusted(context: CanvasRenderingContext2D, x: number, inks: Inks): void {
  const top = TRACK.untrusted
  context.strokeStyle = inks.ask
  context.lineWidth = 1.3
  context.lineJoin = 'round'
  context.beginPath()
  context.moveTo(x, top)
  context.lineTo(x + 5.5, top + 9.5)
  context.lineTo(x - 5.5, top + 9.5)
  context.closePath()
  context.moveTo(x, top + 3.5)
  context.lineTo(x, top + 6)
  context.stroke()
}

function drawGap(context: CanvasRenderingContext2D, left: number, width: number, ms: number, inks: Inks): void {
  const top = TRACK.ruler + 6
  hatch(context, left, top, width, TRACK.height - top, inks.surface, inks.sunken)
  context.strokeStyle = inks.line
  context.setLineDash([3, 3])
  context.strokeRect(left + 0.5, top, Math.max(0, width - 1), TRACK.height - top)
  context.setLineDash([])
  const words = durationWords(ms)
  context.font = '11px Geist, sans-serif'
  const room = context.measureText(words).width
  if (room + 4 > width) return
  context.fillStyle = inks.surface
  context.fillRect(left + (width - room) / 2 - 2, TRACK.bars + 6, room + 4, 16)
  context.fillStyle = inks.text
  context.fillText(words, left + (width - room) / 2, TRACK.bars + 18)
}

function hatch(
  context: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  ground: string,
  line: string,
): void {
  context.save()
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  context.fillStyle = ground
  context.fill()
  context.strokeStyle = line
  context.lineWidth = 2
  context.beginPath()
  // Only what is on screen: a bar that was zoomed into is wide.
  const first = Math.max(left - height, -height - 8)
  for (let x = first - (first % 7); x < Math.min(left + width, 4000); x += 7) {
    context.moveTo(x, top + height)
    context.lineTo(x + height, top)
  }
  context.stroke()
  context.restore()
}

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 21_600_000,
]

function drawRuler(context: CanvasRenderingContext2D, film: Film, view: View, width: number, inks: Inks): void {
  const wanted = (view.to - view.from) / Math.max(1, width / 110)
  const step = STEPS.find((one) => one >= wanted) ?? 86_400_000
  const scale = width / Math.max(1e-6, view.to - view.from)
  context.font = '11px Geist, sans-serif'
  context.fillStyle = inks.text
  context.strokeStyle = inks.line
  context.lineWidth = 1
  let free = 0
  const last = timeAt(film, view.to)
  for (let time = Math.ceil(timeAt(film, view.from) / step) * step; time <= last; time += step) {
    const gap = film.gaps.find((one) => time > one.from && time < one.to)
    if (gap) {
      // Nothing to say inside a fold: on to where it ends.
      time = Math.floor(gap.to / step) * step
      continue
    }
    const x = (placeAt(film, time) - view.from) * scale
    const words = step >= 60_000 ? minuteWords(time) : secondsWords(time) + (step < 1000 ? `.${String(time % 1000).padStart(3, '0')}` : '')
    const half = context.measureText(words).width / 2
    if (x - half < free || x + half > width) continue
    free = x + half + 16
    context.beginPath()
    context.moveTo(Math.round(x) + 0.5, TRACK.ruler + 6)
    context.lineTo(Math.round(x) + 0.5, TRACK.height)
    context.stroke()
    context.fillText(words, x - half, TRACK.ruler - 2)
  }
}

/** The whole session in a strip: one stroke a cell, the worst verdict in its colour. */
export function drawStrip(context: CanvasRenderingContext2D, film: Film, width: number, height: number, inks: Inks): void {
  context.clearRect(0, 0, width, height)
  const scale = width / film.length
  const cells = new Map<number, { count: number; worst: Outcome }>()
  for (let index = 0; index < film.scenes.length; index++) {
    const { outcome, asked } = film.scenes[index] as Scene
    const from = (film.from[index] ?? 0) * scale
    const released = (film.released[index] ?? 0) * scale
    if (asked && released - from > CELL) {
      const off = outcome === 'lapsed'
      hatch(context, from, 3, released - from, height - 6, off ? inks.sunken : inks.askTint, off ? inks.line : inks.askHatch)
    }
    // What waited is told by its end.
    const place = Math.floor((outcome === 'held' ? from : asked ? released : from) / CELL)
    const cell = cells.get(place)
    if (!cell) cells.set(place, { count: 1, worst: outcome })
    else {
      cell.count++
      if (RANK[outcome] > RANK[cell.worst]) cell.worst = outcome
    }
  }
  let most = 1
  for (const cell of cells.values()) most = Math.max(most, cell.count)
  for (const [place, cell] of cells) {
    const worse = RANK[cell.worst] > 2
    const tall = worse ? height - 6 : 4 + ((height - 12) * Math.log(cell.count + 1)) / Math.log(most + 1)
    context.fillStyle = inkOf(cell.worst, inks)
    context.fillRect(place * CELL, height - tall - 2, CELL - 1, tall)
  }
}

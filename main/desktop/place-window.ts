import { z } from 'zod'

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const boxSchema = z.strictObject({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200).max(20_000),
  height: z.number().int().min(200).max(20_000),
})
/** Where windows were, in the system's own units (device-independent pixels). */
export const placesSchema = z.strictObject({
  version: z.literal(1),
  main: boxSchema.extend({ maximized: z.boolean() }).optional(),
  popUp: z.strictObject({ x: z.number().int(), y: z.number().int() }).optional(),
})
export type Places = z.output<typeof placesSchema>

export const MAIN_SIZE = { width: 1280, height: 860 }
export const MAIN_LEAST = { width: 420, height: 480 }
export const POP_UP_SIZE = { width: 420, height: 560 }
const MARGIN = 16
/** So much of a title bar has to be on a screen, or nobody can pull the window back. */
const GRIP = { width: 120, height: 40 }

/** Into a display that is there now: as it was if it can be reached, else moved and made to fit. `areas` are work areas, the main one first. */
export function clampToDisplays(box: Box, areas: readonly Box[]): Box {
  const home = areas.find((area) => canReach(box, area)) ?? areas[0]
  if (home === undefined) return box
  const width = Math.min(box.width, home.width)
  const height = Math.min(box.height, home.height)
  if (canReach(box, home) && width === box.width && height === box.height && box.y >= home.y) return box
  return {
    x: clamp(box.x, home.x, home.x + home.width - width),
    y: clamp(box.y, home.y, home.y + home.height - height),
    width,
    height,
  }
}

/** In the middle of the main display, at most as large as it is. */
export function centre(size: { readonly width: number; readonly height: number }, areas: readonly Box[]): Box {
  const home = areas[0] ?? { x: 0, y: 0, ...size }
  const width = Math.min(size.width, home.width)
  const height = Math.min(size.height, home.height)
  return { x: home.x + Math.round((home.width - width) / 2), y: home.y + Math.round((home.height - height) / 2), width, height }
}

/** Where a person left the pop-up, else in the corner where the tray is: top right on macOS, bottom right elsewhere. */
export function placePopUp(kept: { readonly x: number; readonly y: number } | undefined, areas: readonly Box[], platform: string): Box {
  if (kept !== undefined) return clampToDisplays({ ...kept, ...POP_UP_SIZE }, areas)
  const home = areas[0] ?? { x: 0, y: 0, width: 1280, height: 800 }
  const height = Math.min(POP_UP_SIZE.height, home.height)
  const x = home.x + home.width - POP_UP_SIZE.width - MARGIN
  const y = platform === 'darwin' ? home.y + MARGIN : home.y + home.height - height - MARGIN
  return { x: Math.max(home.x, x), y: Math.max(home.y, y), width: POP_UP_SIZE.width, height }
}

function canReach(box: Box, area: Box): boolean {
  const across = Math.min(box.x + box.width, area.x + area.width) - Math.max(box.x, area.x)
  const down = Math.min(box.y + GRIP.height, area.y + area.height) - Math.max(box.y, area.y)
  return across >= GRIP.width && down >= GRIP.height
}

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most))

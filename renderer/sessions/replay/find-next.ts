import type { Scene } from './scenes.ts'

export type Wanted = 'denied' | 'approval' | 'write' | 'masked'

const fits: Record<Wanted, (scene: Scene) => boolean> = {
  denied: (scene) => scene.outcome === 'denied' || scene.outcome === 'denied-by-person',
  approval: (scene) => scene.asked,
  write: (scene) => scene.writes,
  masked: (scene) => scene.masked,
}

/** The next scene of a kind behind `index`, from the start again when there is none; undefined when there is none at all. */
export function findNext(scenes: readonly Scene[], index: number, wanted: Wanted): number | undefined {
  const isWanted = fits[wanted]
  for (let step = 1; step <= scenes.length; step++) {
    const at = (index + step) % scenes.length
    const scene = scenes[at]
    if (scene && isWanted(scene)) return at
  }
  return undefined
}

/** Which kinds there are at all. */
export function kindsIn(scenes: readonly Scene[]): Readonly<Record<Wanted, number>> {
  const counts = { denied: 0, approval: 0, write: 0, masked: 0 }
  for (const scene of scenes) {
    if (fits.denied(scene)) counts.denied++
    if (fits.approval(scene)) counts.approval++
    if (fits.write(scene)) counts.write++
    if (fits.masked(scene)) counts.masked++
  }
  return counts
}

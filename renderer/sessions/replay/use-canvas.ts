import { useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { type Inks, readInks } from './draw-track.ts'

/** A canvas as wide as its place, sharp on every screen, drawn again when `draw`, the width or the colours are others. */
export function useCanvas(height: number, draw: (context: CanvasRenderingContext2D, width: number, inks: Inks) => void) {
  const { ref: place, width } = useElementSize()
  const canvas = useRef<HTMLCanvasElement>(null)
  const scheme = useComputedColorScheme('light')
  const inks = useRef<{ readonly scheme: string; readonly read: Inks }>(undefined)
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || width === 0) return
    const sharp = window.devicePixelRatio || 1
    element.width = Math.round(width * sharp)
    element.height = Math.round(height * sharp)
    context.setTransform(sharp, 0, 0, sharp, 0, 0)
    element.dataset['scheme'] = scheme
    if (inks.current?.scheme !== scheme) inks.current = { scheme, read: readInks(element) }
    draw(context, width, inks.current.read)
  }, [draw, width, height, scheme])
  return { place, canvas, width }
}

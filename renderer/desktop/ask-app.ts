import { useEffect, useState } from 'react'
import type { z } from 'zod'
import { type DesktopAbout, type DesktopCalls, desktopAboutSchema, desktopCalls } from '../../main/contract/desktop.ts'
import { desktopBridge } from '../ui/desktop-bridge.ts'

/** One question to the app, its answer validated where it enters. Rejects with a sentence for people. */
export async function askApp<Name extends keyof DesktopCalls>(
  name: Name,
  body: z.input<DesktopCalls[Name]['body']>,
): Promise<z.output<DesktopCalls[Name]['response']>> {
  const bridge = desktopBridge()
  if (bridge === undefined) throw new Error('This page belongs to the desktop app. Open it there.')
  const answer = await bridge.ask(name, body)
  if (!answer.ok) throw new Error(answer.message)
  const schema: z.ZodType = desktopCalls[name].response
  return schema.parse(answer.value) as z.output<DesktopCalls[Name]['response']>
}

/** How the app stands, kept current. */
export function useAbout(): DesktopAbout | undefined {
  const [about, setAbout] = useState<DesktopAbout>()
  useEffect(() => {
    let there = true
    askApp('about', {}).then(
      (now) => there && setAbout(now),
      () => undefined,
    )
    const stop = desktopBridge()?.onNews((news) => {
      const parsed = desktopAboutSchema.safeParse(news)
      if (parsed.success) setAbout(parsed.data)
    })
    return () => {
      there = false
      stop?.()
    }
  }, [])
  return about
}

export const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

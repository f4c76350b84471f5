import { z } from 'zod'
import { type DesktopCalls, desktopCalls, type Licence } from '../contract/desktop.ts'
import type { DesktopAnswer } from '../contract/desktop-channels.ts'
import type { Desk } from './desk.ts'
import { safeBack } from './judge-navigation.ts'
import { probeHost } from './probe-host.ts'

type Handlers = {
  readonly [Name in keyof DesktopCalls]: (
    body: z.output<DesktopCalls[Name]['body']>,
  ) => z.input<DesktopCalls[Name]['response']> | Promise<z.input<DesktopCalls[Name]['response']>>
}

/** Which pages a message came from, as `judgeSender` found; undefined: from neither. */
export type Sender = 'host' | 'own' | undefined

/**
 * Answers one message of a page. Who sent it, which call it is and what stands in it are all checked here, and the answer is checked on its way out; a message
 * from anywhere else gets no more than a refusal.
 */
export function createPageAnswers(
  desk: Desk,
  readLicences: () => Promise<readonly Licence[]>,
): (sender: Sender, message: unknown) => Promise<DesktopAnswer> {
  const handlers: Handlers = {
    about: () => desk.about(),
    showApproval: ({ id }) => {
      desk.shell.showMain({ kind: 'host', path: `/approvals/${id}` })
      return null
    },
    closePopUp: () => {
      desk.shell.hidePopUp()
      desk.look()
      return null
    },
    openInBrowser: ({ path }) => {
      const { address } = desk
      if (address === undefined) throw new Error('There is no host to open.')
      desk.shell.openInBrowser(`${address.origin}${safeBack(path)}`)
      return null
    },
    readSettings: () => desk.settings,
    saveSettings: (changes) => desk.change(withoutUndefined(changes)),
    probeHost: ({ address }) => probeHost(address),
    chooseConfigFile: () => desk.shell.chooseFile('Choose the host’s configuration'),
    chooseMode: async ({ mode }) => {
      await desk.chooseMode(mode)
      return null
    },
    retry: async () => {
      await desk.retry()
      return null
    },
    licences: async () => [...(await readLicences())],
  }
  return async (sender, message) => {
    const asked = messageSchema.safeParse(message)
    const name = asked.success && Object.hasOwn(desktopCalls, asked.data.call) ? (asked.data.call as keyof DesktopCalls) : undefined
    if (!asked.success || name === undefined) return refuse('The app does not know this request.')
    const { from } = desktopCalls[name]
    if (sender === undefined || !(from as readonly string[]).includes(sender)) return refuse('This page may not ask that of the app.')
    return answer(handlers, name, asked.data.body)
  }
}

const messageSchema = z.strictObject({ call: z.string().max(40), body: z.unknown() })

async function answer<Name extends keyof DesktopCalls>(handlers: Handlers, name: Name, body: unknown): Promise<DesktopAnswer> {
  const schema: z.ZodType = desktopCalls[name].body
  const read = schema.safeParse(body)
  if (!read.success) return refuse(read.error.issues[0]?.message ?? 'The request is not complete.')
  try {
    const value = await handlers[name](read.data as z.output<DesktopCalls[Name]['body']>)
    const response: z.ZodType = desktopCalls[name].response
    return { ok: true, value: response.parse(value) }
  } catch (cause) {
    return refuse(cause instanceof Error && !(cause instanceof z.ZodError) ? cause.message : 'Something went wrong in the app.')
  }
}

const refuse = (message: string): DesktopAnswer => ({ ok: false, message })

/** A key that was left out stays as it is. */
function withoutUndefined<T extends object>(changes: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }
}

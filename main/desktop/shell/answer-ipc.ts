import { ipcMain } from 'electron'
import { DESKTOP_CHANNEL, type DesktopAnswer } from '../../contract/desktop-channels.ts'
import type { Sender } from '../answer-pages.ts'
import { judgeSender } from '../judge-sender.ts'

/** The one channel on which pages may ask. The sender is judged by the frame's own address at this moment, before anything of the message is read. */
export function answerIpc(origin: () => string | undefined, answer: (sender: Sender, message: unknown) => Promise<DesktopAnswer>): void {
  ipcMain.handle(DESKTOP_CHANNEL, (event, message: unknown) => {
    const frame = event.senderFrame
    const sender = frame === null ? undefined : judgeSender(frame.url, frame.parent === null, origin())
    return answer(sender, message)
  })
}

import { contextBridge, ipcRenderer } from 'electron'
import { DESKTOP_CHANNEL, DESKTOP_NEWS_CHANNEL, type DesktopBridge } from '../contract/desktop-channels.ts'

// All that a page gets: two functions over two fixed channels. Neither Node nor Electron's own objects are handed through.
const bridge: DesktopBridge = {
  ask: (call, body) => ipcRenderer.invoke(DESKTOP_CHANNEL, { call, body }),
  onNews: (listener) => {
    const hear = (_event: unknown, about: unknown): void => listener(about)
    ipcRenderer.on(DESKTOP_NEWS_CHANNEL, hear)
    return () => {
      ipcRenderer.off(DESKTOP_NEWS_CHANNEL, hear)
    }
  },
}

contextBridge.exposeInMainWorld('sallyportDesktop', bridge)

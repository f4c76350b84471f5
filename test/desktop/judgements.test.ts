import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { desktopModeSchema, hostAddressSchema } from '../../main/contract/desktop.ts'
import { connectSnippet } from '../../main/desktop/connect-snippet.ts'
import { createCrashCounter } from '../../main/desktop/count-crashes.ts'
import { fingerprintOf, judgeCertificate } from '../../main/desktop/judge-certificate.ts'
import { judgeKeychain } from '../../main/desktop/judge-keychain.ts'
import { judgeNavigation, safeBack } from '../../main/desktop/judge-navigation.ts'
import { judgeSender } from '../../main/desktop/judge-sender.ts'
import { type Box, centre, clampToDisplays, placePopUp } from '../../main/desktop/place-window.ts'
import { findDeepLink, readDeepLink } from '../../main/desktop/read-deep-link.ts'
import { eventReader, type StreamedEvent } from '../../main/desktop/read-events.ts'
import { autostartEntry, autostartFile } from '../../main/desktop/start-at-login.ts'
import { trayImage } from '../../main/desktop/tray-image.ts'
import { watchNetwork } from '../../main/desktop/watch-network.ts'

const ORIGIN = 'https://sallyport.corp:8443'

describe('a deep link', () => {
  it('opens a card by its number, and does nothing else', () => {
    expect(readDeepLink('sallyport://approvals/42')).toBe(42)
    expect(findDeepLink(['/opt/sallyport', '--hidden', 'sallyport://approvals/7/'])).toBe(7)
    const others = [
      'sallyport://approvals/0',
      'sallyport://approvals/42?decision=approve',
      'sallyport://approvals/42#x',
      'sallyport://approvals/../settings',
      'sallyport://settings',
      'sallyport://approvals/1e3',
      ' sallyport://approvals/42',
      'SALLYPORT://approvals/42\nx',
      'https://approvals/42',
      'sallyport://approvals/1234567890123456',
    ]
    for (const link of others) expect(readDeepLink(link), link).toBeUndefined()
    expect(findDeepLink(['--flag'])).toBeUndefined()
  })
})

describe('navigation', () => {
  it('stays on the host, takes its sign-in to the browser, and goes nowhere else', () => {
    expect(judgeNavigation(`${ORIGIN}/sessions/S-1?statement=2`, ORIGIN)).toEqual({ go: 'here' })
    expect(judgeNavigation(`${ORIGIN}/auth/sign-in?provider=corp&return=%2Fapprovals%2F4&fresh=1`, ORIGIN)).toEqual({
      go: 'sign-in',
      provider: 'corp',
      back: '/approvals/4',
      fresh: true,
    })
    const nowhere = [
      'https://sallyport.corp/',
      'http://sallyport.corp:8443/',
      'https://sallyport.corp:8443@evil.example/',
      'https://user@sallyport.corp:8443/',
      'https://sallyport.corp.evil.example:8443/',
      `${ORIGIN}/auth/saml/acs`,
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'sallyport-app://desktop/index.html',
      'about:blank',
      'not an address',
    ]
    for (const url of nowhere) expect(judgeNavigation(url, ORIGIN), url).toEqual({ go: 'nowhere' })
    expect(judgeNavigation(`${ORIGIN}/`, undefined)).toEqual({ go: 'nowhere' })
  })

  it('comes back to a path of the host only', () => {
    expect(safeBack('/approvals/4?x=1#y')).toBe('/approvals/4?x=1#y')
    for (const path of ['//evil.example', '/\\evil.example', 'https://evil.example', '', '/a b', '/a\\b']) expect(safeBack(path)).toBe('/')
  })
})

describe('the sender of a message', () => {
  it('is judged by the frame’s own address', () => {
    expect(judgeSender(`${ORIGIN}/approvals/4`, true, ORIGIN)).toBe('host')
    expect(judgeSender('sallyport-app://desktop/index.html#/set-up', true, ORIGIN)).toBe('own')
    expect(judgeSender('sallyport-app://evil/index.html', true, ORIGIN)).toBeUndefined()
    expect(judgeSender(`${ORIGIN}/approvals/4`, false, ORIGIN)).toBeUndefined()
    expect(judgeSender('https://evil.example/', true, ORIGIN)).toBeUndefined()
    expect(judgeSender('about:blank', true, ORIGIN)).toBeUndefined()
    expect(judgeSender(`${ORIGIN}/`, true, undefined)).toBeUndefined()
    expect(judgeSender('', true, ORIGIN)).toBeUndefined()
  })
})

describe('a certificate', () => {
  const pem = (name: string) => readFileSync(join(import.meta.dirname, '../helpers/tls', name), 'utf8')
  const fingerprint = fingerprintOf(pem('server.pem')) ?? ''

  it('counts when it is the pinned one of the configured host, whatever authorities say', () => {
    expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
    expect(judgeCertificate('sallyport.corp', pem('server.pem'), { hostname: 'sallyport.corp', fingerprint })).toBe('trust')
    expect(judgeCertificate('sallyport.corp', pem('other.pem'), { hostname: 'sallyport.corp', fingerprint })).toBe('refuse')
    expect(judgeCertificate('other.corp', pem('server.pem'), { hostname: 'sallyport.corp', fingerprint })).toBe('refuse')
    expect(judgeCertificate('sallyport.corp', 'no certificate', { hostname: 'sallyport.corp', fingerprint })).toBe('refuse')
    expect(judgeCertificate('sallyport.corp', pem('server.pem'), undefined)).toBe('refuse')
    expect(judgeCertificate('SALLYPORT.corp', pem('other.pem'), { hostname: 'sallyport.corp', fingerprint: null })).toBe('as-usual')
  })
})

describe('the keychain', () => {
  it('counts where the system has one; a key that stands in the source is none, unless the owner has said so', () => {
    expect(judgeKeychain({ platform: 'darwin', available: true, backend: '' }, false)).toEqual({ usable: true })
    expect(judgeKeychain({ platform: 'linux', available: true, backend: 'kwallet6' }, false)).toEqual({ usable: true })
    for (const backend of ['basic_text', 'unknown']) {
      const judged = judgeKeychain({ platform: 'linux', available: true, backend }, false)
      expect(judged).toMatchObject({ usable: false, why: expect.stringContaining('no keyring') })
      expect(judgeKeychain({ platform: 'linux', available: true, backend }, true)).toEqual({ usable: true })
    }
    expect(judgeKeychain({ platform: 'win32', available: false, backend: '' }, true)).toMatchObject({ usable: false })
  })
})

describe('an address', () => {
  it('is a host’s origin: https, or http on this machine', () => {
    expect(hostAddressSchema.parse(' https://sallyport.corp:8443/approvals ')).toBe(ORIGIN)
    expect(hostAddressSchema.parse('http://127.0.0.1:8443')).toBe('http://127.0.0.1:8443')
    for (const text of [
      'http://sallyport.corp',
      'sallyport.corp',
      'ftp://x',
      'https://user:pw@sallyport.corp',
      'http://127.0.0.1.evil.example',
    ])
      expect(hostAddressSchema.safeParse(text).success, text).toBe(false)
    expect(desktopModeSchema.safeParse({ kind: 'desk', address: ORIGIN, fingerprint: 'AA:BB' }).success).toBe(false)
  })
})

describe('a window', () => {
  const one: Box = { x: 0, y: 0, width: 1920, height: 1040 }
  const two: Box = { x: 1920, y: 0, width: 2560, height: 1400 }

  it('comes back where it was while that display is there, and to one that is when it is not', () => {
    const there = { x: 2200, y: 100, width: 1280, height: 860 }
    expect(clampToDisplays(there, [one, two])).toEqual(there)
    expect(clampToDisplays(there, [one])).toEqual({ x: 640, y: 100, width: 1280, height: 860 })
    expect(clampToDisplays({ x: -5000, y: -5000, width: 4000, height: 4000 }, [one])).toEqual(one)
    // A title bar above the screen cannot be pulled.
    expect(clampToDisplays({ x: 10, y: -600, width: 800, height: 700 }, [one])).toEqual({ x: 10, y: 0, width: 800, height: 700 })
    expect(centre({ width: 3000, height: 500 }, [one])).toEqual({ x: 0, y: 270, width: 1920, height: 500 })
  })

  it('is always on a display, wherever it was and whatever displays there are', () => {
    for (const x of [-9000, -300, 0, 1500, 1919, 9000])
      for (const y of [-9000, -30, 0, 900, 1039, 9000])
        for (const areas of [[one], [two], [one, two]]) {
          const box = clampToDisplays({ x, y, width: 420, height: 560 }, areas)
          const home = areas.find(
            (area) =>
              box.x + box.width >= area.x + 120 &&
              box.x <= area.x + area.width - 120 &&
              box.y >= area.y - 1 &&
              box.y <= area.y + area.height - 40,
          )
          expect(home, `${x} ${y}`).toBeDefined()
        }
  })

  it('of the pop-up stands in the tray’s corner until somebody moves it', () => {
    expect(placePopUp(undefined, [one], 'linux')).toEqual({ x: 1484, y: 464, width: 420, height: 560 })
    expect(placePopUp(undefined, [one], 'darwin')).toEqual({ x: 1484, y: 16, width: 420, height: 560 })
    expect(placePopUp({ x: 5, y: 6 }, [one], 'linux')).toEqual({ x: 5, y: 6, width: 420, height: 560 })
    expect(placePopUp({ x: 4000, y: 6 }, [one], 'linux')).toEqual({ x: 1500, y: 6, width: 420, height: 560 })
    expect(placePopUp(undefined, [{ x: 0, y: 0, width: 400, height: 300 }], 'linux')).toMatchObject({ x: 0, y: 0, height: 300 })
  })
})

describe('an event stream', () => {
  it('is read the same however it is cut', () => {
    const text = ': here\n\nid: e-1\nevent: approval\ndata: {"a":\ndata: 1}\n\r\nretry: 5\r\ndata:x\r\rdata\n\nevent: lost without an end'
    const read = (pieces: string[]): StreamedEvent[] => {
      const events: StreamedEvent[] = []
      const take = eventReader((event) => events.push(event))
      for (const piece of pieces) take(piece)
      return events
    }
    const whole = read([text])
    expect(whole).toEqual([
      { type: 'approval', data: '{"a":\n1}', id: 'e-1' },
      { type: 'message', data: 'x', id: 'e-1' },
      { type: 'message', data: '', id: 'e-1' },
    ])
    for (let at = 0; at <= text.length; at++) expect(read([text.slice(0, at), text.slice(at)]), `cut at ${at}`).toEqual(whole)
    expect(read([...text])).toEqual(whole)
  })

  it('ends what never ends', () => {
    const take = eventReader(() => undefined)
    expect(() => {
      for (let i = 0; i < 10; i++) take('x'.repeat(1024 * 1024))
    }).toThrow('longer than')
  })
})

describe('small things', () => {
  it('the snippet holds no token, and quotes what a shell or libpq would read otherwise', () => {
    expect(connectSnippet('127.0.0.1:6432', 'shop')).toBe(
      'PGPASSWORD="$SALLYPORT_TOKEN" psql "host=127.0.0.1 port=6432 dbname=shop user=agent sslmode=prefer"',
    )
    expect(connectSnippet('[::1]:6432', 'shop')).toContain('host=::1 port=6432')
    expect(connectSnippet('sallyport.corp:6432', 'shop')).toContain('sslmode=verify-full')
    expect(connectSnippet('h:1', `a'b "$(id)"`)).toContain(String.raw`dbname='a\\'b \"\$(id)\"'`)
  })

  it('autostart quotes the program’s path by the Desktop Entry specification', () => {
    expect(autostartFile({ HOME: '/home/p' })).toBe('/home/p/.config/autostart/sallyport.desktop')
    expect(autostartFile({ XDG_CONFIG_HOME: '/c' })).toBe('/c/autostart/sallyport.desktop')
    expect(autostartFile({})).toBeUndefined()
    expect(autostartEntry('/opt/Sallyport 100%/sallyport')).toContain('Exec="/opt/Sallyport 100%%/sallyport" --hidden\n')
    expect(autostartEntry('/opt/a"b')).toContain(String.raw`Exec="/opt/a\\"b" --hidden`)
  })

  it('the picture in the panel suits its ground', () => {
    expect(trayImage('pending', 'darwin', true, '')).toBe('pendingTemplate.png')
    expect(trayImage('idle', 'linux', false, 'ubuntu:GNOME')).toBe('idle-on-dark.png')
    expect(trayImage('idle', 'linux', false, 'KDE')).toBe('idle-on-light.png')
    expect(trayImage('trouble', 'win32', true, '')).toBe('trouble-on-dark.png')
  })

  it('a page that keeps crashing is not loaded for ever', () => {
    let now = 0
    const may = createCrashCounter(() => now)
    expect([may(), may(), may(), may()]).toEqual([true, true, true, false])
    now = 61_000
    expect(may()).toBe(true)
  })

  it('another network is noticed', async () => {
    let addresses = '10.0.0.4'
    let told = 0
    const end = watchNetwork(
      () => told++,
      () => addresses,
      2,
    )
    await new Promise((resolve) => setTimeout(resolve, 15))
    expect(told).toBe(0)
    addresses = '192.168.1.9'
    await new Promise((resolve) => setTimeout(resolve, 25))
    end()
    expect(told).toBe(1)
  })
})

import path from 'node:path'

export interface DemoOptions {
  readonly portBase: number
  readonly reset: boolean
  /** Everything of the demo is in it. */
  readonly data: string
}

export const PORT_BASE = 8440

export const USAGE = `Usage: npm run demo [-- OPTIONS]

  --port-base N   first of four ports: pages N, sign-in N+1, PostgreSQL N+2, gateway N+3 (default ${PORT_BASE})
  --reset         forget everything and start anew: the shop, recordings, passwords
  --data DIR      where the demo keeps its files (default .demo in the project)
  --help          this text
`

/** What was asked for, or the text to print and the exit code. */
export type Asked = { readonly options: DemoOptions } | { readonly text: string; readonly code: 0 | 2 }

/** @param root the project's folder */
export function readOptions(args: readonly string[], root: string): Asked {
  let portBase = PORT_BASE
  let reset = false
  let data = path.join(root, '.demo')
  const wrong = (what: string): Asked => ({ text: `${what}\n\n${USAGE}`, code: 2 })
  for (let index = 0; index < args.length; index++) {
    const [name, inline] = splitOnce(args[index] ?? '')
    const value = () => inline ?? args[++index]
    if (name === '--help' || name === '-h') return { text: USAGE, code: 0 }
    if (name === '--reset' && inline === undefined) reset = true
    else if (name === '--port-base') {
      const text = value()
      portBase = Number(text)
      if (text === undefined || !/^\d+$/.test(text) || portBase < 1024 || portBase > 65_532) {
        return wrong(`--port-base wants a number from 1024 to 65532, not ${text === undefined ? 'nothing' : `"${text}"`}.`)
      }
    } else if (name === '--data') {
      const folder = value()
      if (folder === undefined || folder === '') return wrong('--data wants a folder.')
      data = path.resolve(folder)
    } else return wrong(`The demo has no option "${args[index]}".`)
  }
  return { options: { portBase, reset, data } }
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

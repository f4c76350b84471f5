import { drawGrid, drawLetters } from './draw-rows.ts'
import { cells, wrap } from './text-cells.ts'

/** What the agent's afternoon looks like in a terminal: what it wants, the statement, and what came back. */
export interface Screen {
  title(text: string): void
  /** Why the agent does what follows. */
  thinks(text: string): void
  statement(sql: string): void
  table(columns: readonly string[], rows: readonly (readonly (string | null)[])[], tag: string): void
  done(tag: string): void
  refused(error: {
    readonly code: string
    readonly message: string
    readonly detail: string | undefined
    readonly hint: string | undefined
  }): void
  notice(text: string): void
  /** For the person who watches. */
  note(text: string): void
  plain(text: string): void
}

const MAX_ROWS = 8
/** A text longer than this is shown as a letter, with its lines. */
const LONG = 80

export function openScreen(out: NodeJS.WritableStream & { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv): Screen {
  const colour = out.isTTY === true && env['NO_COLOR'] === undefined
  const paint = (code: string) => (text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text)
  const [bold, dim, blue, green, amber, red, plum] = ['1', '2', '34', '32', '33', '31', '35'].map(paint) as [
    (text: string) => string,
    (text: string) => string,
    (text: string) => string,
    (text: string) => string,
    (text: string) => string,
    (text: string) => string,
    (text: string) => string,
  ]
  const line = (text = '') => out.write(`${text}\n`)
  const width = Math.max(60, Math.min(out.columns ?? 110, 140))
  return {
    title: (text) => line(`\n${bold(text)}`),
    thinks: (text) => {
      line()
      for (const [at, part] of wrap(text, width - 4).entries()) line(`${at === 0 ? blue('●') : ' '} ${part}`)
    },
    statement: (sql) => {
      for (const part of sql.split('\n')) line(`  ${bold(part)}`)
    },
    table: (columns, rows, tag) => {
      const shown = rows.slice(0, MAX_ROWS)
      const draw = shown.some((row) => row.some((cell) => cell !== null && cells(cell) > LONG)) ? drawLetters : drawGrid
      for (const [at, text] of draw(columns, shown, width - 4, { dim, plum }).entries()) line(`  ${at === 0 ? green('○') : ' '} ${text}`)
      const more = rows.length > shown.length ? `, of which ${rows.length - shown.length} are not shown here` : ''
      line(`    ${dim(`${tag}: ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${more}`)}`)
    },
    done: (tag) => line(`  ${green('○')} ${tag}`),
    refused: ({ code, message, detail, hint }) => {
      line(`  ${red('⬣')} ${red(`ERROR ${code}: ${message}`)}`)
      if (detail !== undefined) line(`    ${dim('DETAIL')} ${detail}`)
      if (hint !== undefined)
        for (const [at, part] of wrap(hint, width - 12).entries()) line(`    ${at === 0 ? bold('HINT') : '    '}   ${part}`)
    },
    notice: (text) => line(`  ${amber('◆')} ${amber(text)}`),
    note: (text) => {
      for (const part of wrap(text, width - 6)) line(`    ${dim(part)}`)
    },
    plain: (text) => line(text),
  }
}

/** What the agent's afternoon looks like in a terminal: what it wants, the statement, and what came back. */
export interface Screen {
  title(text: string): void
  /** Why the agent does what follows. */
  thinks(text: string): void
  statement(sql: string): void
  table(columns: readonly string[], rows: readonly (readonly (string | null)[])[], tag: string): void
  done(tag: string): void
  refused(error: { readonly code: string; readonly message: string; readonly detail: string | undefined; readonly hint: string | undefined }): void
  notice(text: string): void
  /** For the person who watches. */
  note(text: string): void
  plain(text: string): void
}

const MAX_ROWS = 8
const MAX_CELL = 34

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
      for (const part of wrap(text, width - 4)) line(`${blue('●')} ${part}`)
    },
    statement: (sql) => {
      for (const part of sql.split('\n')) line(`  ${bold(part)}`)
    },
    table: (columns, rows, tag) => {
      const shown = rows.slice(0, MAX_ROWS).map((row) => row.map((cell) => clip(cell ?? '', MAX_CELL)))
      const widths = columns.map((name, at) => Math.max(cells(clip(name, MAX_CELL)), ...shown.map((row) => cells(row[at] ?? ''))))
      const join = (row: readonly string[], style: (text: string) => string) =>
        row.map((cell, at) => style(pad(cell, widths[at] ?? 0))).join(dim(' │ '))
      line(`  ${green('○')} ${join(columns.map((name) => clip(name, MAX_CELL)), dim)}`)
      for (const row of shown) line(`    ${row.map((cell, at) => (isMasked(cell) ? plum : (text: string) => text)(pad(cell, widths[at] ?? 0))).join(dim(' │ '))}`)
      const more = rows.length > shown.length ? `, of which ${rows.length - shown.length} are not shown here` : ''
      line(`    ${dim(`${tag}: ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}${more}`)}`)
    },
    done: (tag) => line(`  ${green('○')} ${tag}`),
    refused: ({ code, message, detail, hint }) => {
      line(`  ${red('⬣')} ${red(`ERROR ${code}: ${message}`)}`)
      if (detail !== undefined) line(`    ${dim('DETAIL')} ${detail}`)
      if (hint !== undefined) for (const [at, part] of wrap(hint, width - 12).entries()) line(`    ${at === 0 ? bold('HINT') : '    '}   ${part}`)
    },
    notice: (text) => line(`  ${amber('◆')} ${amber(text)}`),
    note: (text) => {
      for (const part of wrap(text, width - 6)) line(`    ${dim(part)}`)
    },
    plain: (text) => line(text),
  }
}

/** As the gateway writes what it has hidden; only for colour. */
function isMasked(cell: string): boolean {
  return /[•*█]{2,}|redacted|^tok_|\[masked\]/i.test(cell)
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let at = ''
  for (const word of text.split(' ')) {
    if (at !== '' && cells(at) + 1 + cells(word) > width) {
      lines.push(at)
      at = word
    } else at = at === '' ? word : `${at} ${word}`
  }
  return [...lines, at]
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u
const NONE = /\p{Mn}|\p{Me}|\p{Cf}/u
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How many cells of a terminal a text takes: Chinese, Japanese and Korean signs take two. */
export function cells(text: string): number {
  let sum = 0
  for (const { segment } of segments.segment(text)) sum += NONE.test(segment) && segment.length === 1 ? 0 : WIDE.test(segment) ? 2 : 1
  return sum
}

/** On one line, and no longer than so many cells. Control characters of others' text never reach the terminal. */
export function clip(text: string, width: number): string {
  const flat = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
  if (cells(flat) <= width) return flat
  let kept = ''
  let used = 0
  for (const { segment } of segments.segment(flat)) {
    used += cells(segment)
    if (used > width - 1) break
    kept += segment
  }
  return `${kept}…`
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - cells(text)))

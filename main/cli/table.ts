/** Rows whose widths decide the columns' widths. What comes after is printed as it comes, so that memory does not grow with the result. */
const MEASURED_ROWS = 1000
const MAX_WIDTH = 200

/** A value that cannot steer a terminal: control characters are written out (`\n`, `\x1b`). */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const known = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
    if (known !== undefined) return known
    const code = character.codePointAt(0)!.toString(16)
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`
  })
}

const widthOf = (text: string): number => [...text].length
const fill = (text: string, width: number, right: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? space + text : text + space
}

export interface Column {
  readonly name: string
  /** Numbers stand to the right. */
  readonly right: boolean
}

/** Prints one result as an aligned table, NULL as `NULL`. */
export class Table {
  readonly #columns: readonly Column[]
  readonly #print: (text: string) => void
  #measured: string[][] = []
  #widths: number[] | undefined
  #rows = 0

  constructor(columns: readonly Column[], print: (text: string) => void) {
    this.#columns = columns
    this.#print = print
  }

  row(values: readonly (string | null)[]): void {
    this.#rows++
    const cells = values.map((value) => (value === null ? 'NULL' : printable(value)))
    if (this.#widths === undefined) this.#measured.push(cells)
    else this.#line(cells, this.#widths)
    if (this.#measured.length === MEASURED_ROWS) this.#begin()
  }

  end(): void {
    this.#begin()
    this.#print(`(${this.#rows} ${this.#rows === 1 ? 'row' : 'rows'})\n`)
  }

  #begin(): void {
    if (this.#widths !== undefined) return
    const names = this.#columns.map((column) => printable(column.name))
    const widths = names.map((name, i) => {
      const widest = this.#measured.reduce((width, cells) => Math.max(width, widthOf(cells[i] ?? '')), widthOf(name))
      return Math.min(widest, MAX_WIDTH)
    })
    this.#widths = widths
    this.#print(
      `${names
        .map((name, i) => ` ${fill(name, widths[i]!, false)} `)
        .join('|')
        .trimEnd()}\n`,
    )
    this.#print(`${widths.map((width) => '-'.repeat(width + 2)).join('+')}\n`)
    for (const cells of this.#measured) this.#line(cells, widths)
    this.#measured = []
  }

  #line(cells: readonly string[], widths: readonly number[]): void {
    this.#print(
      `${cells
        .map((cell, i) => ` ${fill(cell, widths[i]!, this.#columns[i]?.right ?? false)} `)
        .join('|')
        .trimEnd()}\n`,
    )
  }
}

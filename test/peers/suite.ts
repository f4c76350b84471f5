/** Where a suite writes what it found. All text is Markdown, for docs/conformance.md. */
export interface Report {
  /** A line for the person who waits; not kept. */
  say(text: string): void
  /** A paragraph. */
  text(markdown: string): void
  /** A table; the first row of cells is its head. */
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void
  /** Something that must not be: kept in the section, and the run fails. */
  fault(what: string): void
}

/** One comparison with something that we did not write. It gets what it needs by itself, and puts nothing outside of `cacheFolder` and the system's temporary folder. */
export interface PeerSuite {
  /** What is typed: `npm run test:peers -- facts`. */
  readonly name: string
  readonly title: string
  run(report: Report): Promise<void>
}

/** `12.3 %`. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part * 100) / whole).toFixed(part === 0 ? 0 : 2)} %`
}

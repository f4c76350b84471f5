/** Progress: one line a step, with its time, on a terminal and in a log alike. */
export interface Steps {
  run<T>(what: string, work: (say: (more: string) => void) => Promise<T>): Promise<T>
}

export function showSteps(out: NodeJS.WritableStream & { isTTY?: boolean }): Steps {
  const live = out.isTTY === true
  return {
    async run(what, work) {
      const start = performance.now()
      const line = (mark: string, more: string) => `  ${mark} ${what}${more === '' ? '' : ` · ${more}`}`
      let last = ''
      const say = (more: string) => {
        last = more
        if (live) out.write(`\r\x1b[2K${line('…', more)}`)
      }
      if (live) say('')
      try {
        const result = await work(say)
        const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`
        out.write(`${live ? '\r\x1b[2K' : ''}${line('✓', last)} · ${seconds}\n`)
        return result
      } catch (error) {
        out.write(`${live ? '\r\x1b[2K' : ''}${line('✗', last)}\n`)
        throw error
      }
    },
  }
}

/** One event of a stream (WHATWG HTML, section 9.2.6). */
export interface StreamedEvent {
  readonly type: string
  readonly data: string
  /** The last id so far, for Last-Event-ID. */
  readonly id: string
}

const LONGEST = 8 * 1024 * 1024

/** Takes the text of an event stream in any pieces and tells each event. Throws when one is longer than 8 MiB of characters. */
export function eventReader(tell: (event: StreamedEvent) => void): (text: string) => void {
  let rest = ''
  let data: string[] = []
  let type = ''
  let id = ''
  const line = (text: string): void => {
    if (text === '') {
      if (data.length > 0) tell({ type: type === '' ? 'message' : type, data: data.join('\n'), id })
      data = []
      type = ''
      return
    }
    const colon = text.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? text : text.slice(0, colon)
    const value = colon < 0 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data.push(value)
    else if (field === 'event') type = value
    else if (field === 'id' && !value.includes('\0')) id = value
  }
  return (text) => {
    rest += text
    if (rest.length > LONGEST) throw new Error('an event of the stream is longer than the app takes')
    // A CR at the very end may be half of a CRLF.
    for (let end = /\r\n|\n|\r(?!$)/.exec(rest); end !== null; end = /\r\n|\n|\r(?!$)/.exec(rest)) {
      line(rest.slice(0, end.index))
      rest = rest.slice(end.index + end[0].length)
    }
  }
}

/** Tokens that one person was shown on one connection, by label: only these may be put back. In memory alone. */
export interface TokenBook {
  /** One label's page, the same object each time. */
  page(label: string): TokenPage
}

export interface TokenPage {
  /** `value`: the bytes of the value's text form, as latin1. */
  learn(token: string, value: string): void
  /** Undefined: never shown, or forgotten. */
  find(token: string): string | undefined
}

export interface TokenBooks {
  /** `key`: the key that the tokens are made with; tokens of another key are forgotten. */
  of(who: { readonly issuer: string; readonly subject: string }, connection: string, key: Buffer): TokenBook
}

export interface TokenBookLimits {
  /** Bytes of one page, with what its entries take; 2 MiB unless told. The half that was shown or used longest ago goes first. */
  readonly pageBytes?: number
  /** Books (a person on a connection) at once; 256 unless told. The one that a session was opened for longest ago goes first. */
  readonly books?: number
}

/** What an entry takes besides its characters, roughly. */
const ENTRY = 160

export function createTokenBooks(limits: TokenBookLimits = {}): TokenBooks {
  const pageBytes = limits.pageBytes ?? 2 * 1024 * 1024
  const most = limits.books ?? 256
  const books = new Map<string, { readonly key: Buffer; readonly book: TokenBook }>()
  return {
    of(who, connection, key) {
      const name = JSON.stringify([who.issuer, who.subject, connection])
      const known = books.get(name)
      const kept = known?.key.equals(key) === true ? known : { key, book: createBook(pageBytes) }
      books.delete(name)
      books.set(name, kept)
      const [oldest] = books.keys()
      if (books.size > most && oldest !== undefined) books.delete(oldest)
      return kept.book
    },
  }
}

function createBook(pageBytes: number): TokenBook {
  const pages = new Map<string, TokenPage>()
  return {
    page(label) {
      let page = pages.get(label)
      if (page === undefined) {
        page = createPage(pageBytes)
        pages.set(label, page)
      }
      return page
    },
  }
}

/** Two halves: what is used moves to the young one, and the old one goes whole. */
function createPage(bytes: number): TokenPage {
  let young = new Map<string, string>()
  let old = new Map<string, string>()
  let cost = 0
  const put = (token: string, value: string): void => {
    const more = token.length + value.length + ENTRY
    if (more > bytes / 2) return
    if (cost + more > bytes / 2) {
      old = young
      young = new Map()
      cost = 0
    }
    young.set(token, value)
    cost += more
  }
  return {
    learn(token, value) {
      if (!young.has(token)) put(token, value)
    },
    find(token) {
      const value = young.get(token)
      if (value !== undefined) return value
      const before = old.get(token)
      if (before !== undefined) put(token, before)
      return before
    },
  }
}

import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/** A credential of the configuration. It prints, inspects and serialises as `[secret]`; only `reveal()` gives the text. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    Object.freeze(this)
  }

  /** The credential itself: for the one call that needs it, never for a log or an error text. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}

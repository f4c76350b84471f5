export type StoreErrorCode = 'in-use' | 'newer' | 'damaged' | 'journal-damaged' | 'missing'

/** A data directory that cannot be opened, in words for the one who started the host. */
export class StoreError extends Error {
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}

/** How a reader takes bytes: it lends memory, and is told how much of it was filled. Returning false stops reading until the socket is resumed. */
export interface ByteConsumer {
  lend(): Buffer
  filled(bytes: number): boolean
}

/**
 * PostgreSQL's parser counts bytes of UTF-8, a page counts UTF-16 units. Returns the place for a byte offset; one inside a character
 * counts to its beginning. For texts that are not valid UTF-8 the places are those of the text with replacement characters, about.
 */
export function utf16Offsets(text: string): (byteOffset: number) => number {
  const ascii = Buffer.byteLength(text) === text.length
  if (ascii) return (byteOffset) => Math.min(Math.max(0, byteOffset), text.length)
  const starts: number[] = []
  let units = 0
  for (const character of text) {
    for (let i = Buffer.byteLength(character); i > 0; i--) starts.push(units)
    units += character.length
  }
  return (byteOffset) => starts[Math.max(0, byteOffset)] ?? text.length
}

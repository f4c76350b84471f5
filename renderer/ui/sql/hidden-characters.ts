/** One character that a person would not see, or would take for another. */
export interface HiddenCharacter {
  /** UTF-16 units, `[start, end)`. */
  readonly start: number
  readonly end: number
  /** `U+202E`. */
  readonly code: string
  readonly why: 'invisible' | 'direction' | 'look-alike'
}

// Format and control characters, fillers, odd spaces, variation selectors, unpaired surrogates, private use. Tab and line feed are ordinary.
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u{E0000}-\u{E0FFF}]|\p{Variation_Selector}|\u034F|\u17B4|\u17B5|(?! )\p{Zs}/u
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/
const WORDS = /[\p{L}\p{M}\p{N}_]+/gu
const LATIN = /\p{Script=Latin}/u
// Scripts whose letters pass for Latin ones.
const IMITATES =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Lisu}\u{FF21}-\u{FF5A}\u{1D400}-\u{1D7FF}]/u

/** Characters that are drawn as `U+XXXX` rather than as themselves (Unicode TR36: invisible, bidirectional, mixed-script). In order. */
export function findHidden(text: string): HiddenCharacter[] {
  const found: HiddenCharacter[] = []
  for (let at = 0; at < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
    const plain = char === '\n' || char === '\t' || (char === '\r' && text[at + 1] === '\n')
    if (!plain && INVISIBLE.test(char))
      found.push({ start: at, end: at + char.length, code: codeOf(char), why: DIRECTION.test(char) ? 'direction' : 'invisible' })
    at += char.length
  }
  for (const word of text.matchAll(WORDS)) {
    const mathematical = /[\u{1D400}-\u{1D7FF}\u{FF21}-\u{FF5A}]/u.test(word[0])
    if (!mathematical && !(LATIN.test(word[0]) && IMITATES.test(word[0]))) continue
    let at = word.index
    for (const char of word[0]) {
      if (IMITATES.test(char)) found.push({ start: at, end: at + char.length, code: codeOf(char), why: 'look-alike' })
      at += char.length
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

/** `U+200B`, at least four digits. */
export function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

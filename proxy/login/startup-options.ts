import { notAllowed } from './startup-refusals.ts'

/**
 * The startup parameter `options` (libpq's PGOPTIONS): words as a server's command line has them, of which only `-c name=value`,
 * `-cname=value` and `--name=value` are settings (protocol, "StartupMessage"; postgres, "Options"). Words end at white space; a backslash
 * takes the next character as it is. Throws FATAL, naming the switch, for anything else. Names have `_` where `-` was written.
 */
export function readStartupOptions(text: string): readonly (readonly [name: string, value: string])[] {
  const words = splitWords(text)
  const settings: (readonly [string, string])[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    let pair: string | undefined
    if (word === '-c' || word === '--') pair = words[++at]
    else if (word.startsWith('--')) pair = word.slice(2)
    else if (word.startsWith('-c')) pair = word.slice(2)
    const equals = pair?.indexOf('=') ?? -1
    if (pair === undefined || equals < 1) throw notAllowed('options', `"${word}" is no setting`)
    settings.push([pair.slice(0, equals).replaceAll('-', '_'), pair.slice(equals + 1)])
  }
  return settings
}

function splitWords(text: string): string[] {
  return [...text.matchAll(/(?:\\.|[^\s\\])+/gs)].map(([word]) => word.replaceAll(/\\(.)/gs, '$1'))
}

import { type Document, isMap, isScalar, type Node, parseDocument, visit, YAMLSeq } from 'yaml'

/** Changes the list of one section of the file, in place. */
export type EditList = (list: YAMLSeq, document: Document) => void

/**
 * The text with one of its top-level lists changed. What stands around the section stays byte by byte, and comments in it stay beside what they were
 * beside. The text is YAML without faults; throws `TypeError` when it is not a mapping.
 */
export function editSection(text: string, key: string, edit: EditList): string {
  const document = parseDocument(text)
  const map = document.contents
  if (!isMap(map)) throw new TypeError('the configuration is not a mapping')
  return (map.flow === true ? undefined : spliceSection(text, document, key, edit)) ?? editWhole(document, key, edit)
}

/** Only the lines of the section are written anew. Undefined: it cannot be read alone, since an anchor of it stands elsewhere. */
function spliceSection(text: string, document: Document, key: string, edit: EditList): string | undefined {
  const pair = isMap(document.contents)
    ? document.contents.items.find((one) => isScalar(one.key) && one.key.value === key && one.value !== null)
    : undefined
  if (!pair) return undefined
  const start = (pair.key as Node).range?.[0]
  const end = (pair.value as Node).range?.[2]
  if (start === undefined || end === undefined) return undefined
  const alone = parseDocument(text.slice(start, end))
  if (alone.errors.length > 0 || hasForeignAlias(alone)) return undefined
  const list = listOf(alone, key)
  // A comment beside the key belongs to the list for the library, which would write it below.
  const [firstLine = ''] = text.slice(start, end).split('\n', 1)
  const besideKey = /^[^#"']*:[ \t]+#/.test(firstLine)
  if (besideKey) list.commentBefore = (list.commentBefore ?? '').split('\n').slice(1).join('\n') || null
  edit(list, alone)
  const printed = besideKey ? print(alone).replace(/^[^\n]*/, () => firstLine) : print(alone)
  const spliced = `${text.slice(0, start)}${printed}${text.slice(end)}`
  const whole = parseDocument(spliced)
  return whole.errors.length === 0 && !hasForeignAlias(whole) ? spliced : undefined
}

/** Whether it names an anchor that is not in it. */
function hasForeignAlias(document: Document): boolean {
  let foreign = false
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return
      foreign = true
      return visit.BREAK
    },
  })
  return foreign
}

function editWhole(document: Document, key: string, edit: EditList): string {
  edit(listOf(document, key), document)
  return print(document)
}

function listOf(document: Document, key: string): YAMLSeq {
  const found = document.get(key)
  if (found instanceof YAMLSeq) return found
  const made = new YAMLSeq()
  document.set(key, made)
  return made
}

/** As the library writes it, but lists without spaces inside their brackets, as people write them. */
function print(document: Document): string {
  const text = document.toString({ lineWidth: 0 }).replace(/\n*$/, '\n')
  const tight = text.replace(/\[ ((?:"(?:[^"\\\n]|\\.)*"|[^[\]"'#{}\n])*) \]/g, '[$1]')
  return JSON.stringify(parseDocument(tight).toJS()) === JSON.stringify(document.toJS()) ? tight : text
}

import { autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Text } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { ConfigurationCheck } from '../../../main/contract/index.ts'
import { type Schema, suggest } from './complete.ts'

export interface YamlEditor {
  /** Another text from outside; the cursor stays where it can. */
  setText(text: string): void
  /** What the host says of the text that is in it. */
  setCheck(check: Pick<ConfigurationCheck, 'faults' | 'warnings'>): void
  setSchema(schema: Schema): void
  goTo(line: number, column: number): void
  destroy(): void
}

const style = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--sp-accent)' },
  { tag: tags.comment, color: 'var(--sp-text-3)', fontStyle: 'italic' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--sp-literal)' },
  { tag: [tags.keyword, tags.labelName, tags.typeName], color: 'var(--sp-mask)' },
  { tag: tags.invalid, color: 'var(--sp-deny)' },
])

/** The whole configuration as text, with the host's faults in place and completion by its schema. Tab indents; Escape, then Tab leaves. */
export function createEditor(
  parent: HTMLElement,
  text: string,
  { readOnly, onChange }: { readonly readOnly: boolean; readonly onChange: (text: string) => void },
): YamlEditor {
  let schema: Schema | undefined
  let outside = false
  const complete = ({ state, pos, explicit }: CompletionContext) => {
    if (!schema) return null
    const { from, options } = suggest(schema, state.doc.toString(), pos)
    return options.length === 0 || (from === pos && !explicit) ? null : { from, options: [...options], validFor: /^[\w-]*$/ }
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        yaml(),
        syntaxHighlighting(style),
        autocompletion({ override: [complete] }),
        EditorState.readOnly.of(readOnly),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'The configuration as YAML', tabindex: '0' }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !outside) onChange(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    setText(next) {
      const now = view.state.doc.toString()
      if (next === now) return
      outside = true
      view.dispatch({ changes: differenceOf(now, next) })
      outside = false
    },
    setCheck({ faults, warnings }) {
      const { doc } = view.state
      const told: Diagnostic[] = [
        ...faults.map(({ line, column, message, allowed }) => ({
          ...stretchAt(doc, line, column),
          severity: 'error' as const,
          message: allowed ? `${message} Allowed: ${allowed}` : message,
        })),
        ...warnings.map(({ line, column, message }) => ({ ...stretchAt(doc, line, column), severity: 'warning' as const, message })),
      ]
      view.dispatch(setDiagnostics(view.state, told))
    },
    setSchema(next) {
      schema = next
    },
    goTo(line, column) {
      const { from } = stretchAt(view.state.doc, line, column)
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
      view.focus()
    },
    destroy: () => view.destroy(),
  }
}

/** From a place to the end of its word. Line and column from 1; line 0 is the text's beginning. */
function stretchAt(doc: Text, line: number, column: number): { readonly from: number; readonly to: number } {
  const at = doc.line(Math.min(Math.max(1, line), doc.lines))
  const from = Math.min(at.from + Math.max(0, column - 1), at.to)
  const word = /^[^\s,{}[\]]+/.exec(doc.sliceString(from, at.to))?.[0].length ?? 0
  return { from, to: Math.min(from + Math.max(1, word), at.to) }
}

/** What has changed between two texts, as one stretch: the cursor elsewhere stays. */
function differenceOf(now: string, next: string): { readonly from: number; readonly to: number; readonly insert: string } {
  let start = 0
  while (start < now.length && start < next.length && now[start] === next[start]) start++
  let end = 0
  while (end < now.length - start && end < next.length - start && now[now.length - 1 - end] === next[next.length - 1 - end]) end++
  return { from: start, to: now.length - end, insert: next.slice(start, next.length - end) }
}

import { type ReactNode, useEffect } from 'react'

/** A screen's title, in the page and in the tab. */
export function Head({ title, tab = title, children, beside }: { title: string; tab?: string; children?: ReactNode; beside?: ReactNode }) {
  useEffect(() => {
    document.title = `${tab} · Sallyport`
  }, [tab])
  return (
    <header className="head">
      <h1>{title}</h1>
      {beside}
      <span className="fill" />
      {children}
    </header>
  )
}

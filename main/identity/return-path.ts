/** Where to go after the sign-in: a path on this host. Anything else, also `//other.host` and `/\other.host`, becomes `/`. */
export function safeReturnPath(path: string | null | undefined): string {
  if (path === null || path === undefined || path.length > 2000) return '/'
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(path) || path.includes('\\')) return '/'
  const origin = 'https://sallyport.invalid'
  const parsed = URL.canParse(path, origin) ? new URL(path, origin) : undefined
  if (parsed === undefined || parsed.origin !== origin || parsed.pathname.startsWith('//') || parsed.pathname.startsWith('/auth/'))
    return '/'
  return `${parsed.pathname}${parsed.search}${parsed.hash}`
}

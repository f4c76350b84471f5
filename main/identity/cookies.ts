/** The cookie of this name, or undefined. When it came twice, someone planted one: neither counts. */
export function readCookie(header: string | null | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
  return values.length === 1 && /^[A-Za-z0-9_-]{1,200}$/.test(values[0]!) ? values[0] : undefined
}

/** `__Host-` binds a cookie to this host and https (RFC 6265bis section 4.1.3.2); on loopback's http browsers would drop it. */
export function cookieName(base: string, secure: boolean): string {
  return secure ? `__Host-${base}` : base
}

/** A `Set-Cookie` value. `maxAgeS` 0 removes the cookie. */
export function cookie(name: string, value: string, { secure, maxAgeS }: { secure: boolean; maxAgeS: number }): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeS}${secure ? '; Secure' : ''}`
}

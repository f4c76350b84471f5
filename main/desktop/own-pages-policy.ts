/** What the app's own pages may do: their own script, style, fonts and pictures, and nothing over the network. */
export const OWN_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

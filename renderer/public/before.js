// Runs before everything else.

// zod must not try `eval`, which the host's policy forbids and reports; it reads this when its first schema is made.
globalThis.__zod_globalConfig = { jitless: true }

// Before the first paint, so that a dark page never flashes white. The key is Mantine's own.
;(() => {
  let choice = 'auto'
  try {
    choice = localStorage.getItem('mantine-color-scheme-value') || 'auto'
  } catch (error) {
    console.info('The choice of light or dark cannot be kept here:', error)
  }
  const dark = choice === 'dark' || (choice === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the pages to `dist/renderer`. Every asset stays a file of its own: the host's policy is `default-src 'self'`, which allows no `data:`. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: process.env['SALLYPORT_API'] ?? 'http://127.0.0.1:8443' },
      '/auth': { target: process.env['SALLYPORT_API'] ?? 'http://127.0.0.1:8443' },
    },
  },
})

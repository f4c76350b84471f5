import { defineConfig } from 'vitest/config'

// Three projects: `unit` is what `npm run check` runs and needs nothing but Node; `integration` starts a real PostgreSQL and the
// host; `e2e` drives the pages in a real Chromium.
/** Electron has no runtime here: the desktop's shell is tested against a fake that the real `electron.d.ts` types. */
const electron = { alias: [{ find: /^electron$/, replacement: new URL('./test/helpers/electron/fake.ts', import.meta.url).pathname }] }

export default defineConfig({
  test: {
    projects: [
      {
        resolve: electron,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/integration/**', 'test/e2e/**'],
          environment: 'node',
          // Files share a thread's modules: loading them anew for each took longer than the tests. No unit test may change a module.
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          environment: 'node',
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], environment: 'node', testTimeout: 120_000, hookTimeout: 180_000 } },
    ],
  },
})

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordingsMigrations } from '../../main/store/migrations/index.ts'
import { openDatabase } from '../../main/store/open-database.ts'
import { askQuestions } from '../helpers/search-questions.ts'
import { fillSearchStore } from '../helpers/search-store.ts'
import { temporaryDirectory } from './fixtures.ts'

test('every question finds its page in a store of some size', { timeout: 30_000 }, () => {
  const db = openDatabase(join(temporaryDirectory(), 'recordings.db'), { migrations: recordingsMigrations })
  const answers = askQuestions(db, fillSearchStore(db, 10_000))
  db.close()
  const found = Object.fromEntries(answers.map(({ what, found: count }) => [what, count]))
  expect(found['statements: a word in every statement']).toBe(50)
  expect(found['sessions: a word in every statement']).toBe(50)
  expect(found['statements: a word that is nowhere']).toBe(0)
  expect(found['statements: a verdict']).toBe(50)
  expect(found['sessions: a person']).toBe(1)
})

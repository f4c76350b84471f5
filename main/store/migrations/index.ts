import { agents005 } from './agents-005.ts'
import { approvals001 } from './approvals-001.ts'
import { approvals004 } from './approvals-004.ts'
import { approvals006 } from './approvals-006.ts'
import { configuration008 } from './configuration-008.ts'
import { followedLabels007 } from './followed-labels-007.ts'
import { notices010 } from './notices-010.ts'
import { people009 } from './people-009.ts'
import { recordings001 } from './recordings-001.ts'
import { recordings002 } from './recordings-002.ts'
import { recordings003 } from './recordings-003.ts'
import { recordings004 } from './recordings-004.ts'
import { recordings005 } from './recordings-005.ts'
import { vouches003 } from './vouches-003.ts'
import { webSessions002 } from './web-sessions-002.ts'

/** A step, once released, is never changed: add the next one. */
export const hostMigrations: readonly string[] = [
  approvals001,
  webSessions002,
  vouches003,
  approvals004,
  agents005,
  approvals006,
  followedLabels007,
  configuration008,
  people009,
  notices010,
]
export const recordingsMigrations: readonly string[] = [recordings001, recordings002, recordings003, recordings004, recordings005]

import { approvals001 } from './approvals-001.ts'
import { recordings001 } from './recordings-001.ts'

/** A step, once released, is never changed: add the next one. */
export const approvalsMigrations: readonly string[] = [approvals001]
export const recordingsMigrations: readonly string[] = [recordings001]

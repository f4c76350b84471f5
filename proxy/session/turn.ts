import { GatewayError } from '../errors.ts'
import type { Recorder } from '../ports.ts'

/** Whoever has something to send at the end of the turn. */
export interface TurnMember {
  /** The record is written: what was cleared may go. */
  write(): void
  /** The record could not be written: nothing of this turn may go. */
  refuse(error: GatewayError): void
}

/**
 * The end of a turn of the event loop. All that every session cleared in the turn is recorded with one write, then sent. A check phase
 * follows each poll phase, so nobody waits for more than the sockets that were ready together.
 */
export class Turn {
  private readonly recorder: Recorder
  private members: TurnMember[] = []

  constructor(recorder: Recorder) {
    this.recorder = recorder
  }

  /** Once a turn for each member. */
  join(member: TurnMember): void {
    if (this.members.length === 0) setImmediate(() => this.end())
    this.members.push(member)
  }

  private end(): void {
    const { members } = this
    this.members = []
    try {
      this.recorder.commit()
    } catch (error) {
      const refusal =
        error instanceof GatewayError
          ? error
          : new GatewayError({ code: 'recorder', sqlstate: '58030', message: 'the record cannot be written' }, { cause: error })
      for (const member of members) member.refuse(refusal)
      return
    }
    for (const member of members) member.write()
  }
}

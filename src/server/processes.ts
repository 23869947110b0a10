/** Ties this process to the others that share its registry. */
import {hostname} from 'node:os'
import {describeError} from './api/v1/errors.js'
import type {ServerSettings} from './config.js'
import type {Uploads} from './images/uploads.js'
import {Heartbeats} from './jobs/heartbeats.js'
import {type RecoveryParts, takeOver} from './jobs/recovery.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {PROCESSES} from './settings/tables.js'

/** The heartbeats of this process, after which it takes over what dead processes held. */
export function createHeartbeats(
  parts: RecoveryParts & {readonly uploads: Uploads},
  {pid, given = NOTHING_GIVEN}: ServerSettings,
  warn: (line: string) => void,
): Heartbeats {
  const {registry, holder, uploads, unused} = parts
  const {process_heartbeat: interval, process_timeout: timeout} = readSettings(PROCESSES, given.in())
  return new Heartbeats({
    registry,
    process: {id: holder, host: hostname(), pid},
    interval,
    timeout,
    abort: id => uploads.abort(id),
    takeOver: async dead => {
      await uploads.abortLost()
      const {ended, killed} = await takeOver(parts)
      if (ended > 0)
        warn(`took over from a process that died: ${ended} uploads ended, ${killed} images killed`)
      if (ended + dead > 0) await unused.removeAll()
    },
    report: error => warn(`cannot take over from dead processes, will try again: ${describeError(error)}`),
  })
}

/** Ties this process to the others that share its registry. */
import {hostname} from 'node:os'
import {usageError} from '../lib/model/errors.js'
import {describeError} from './api/v1/errors.js'
import type {ServerSettings} from './config.js'
import type {Cleanups, Uploads} from './images/uploads.js'
import {Heartbeats} from './jobs/heartbeats.js'
import {type RecoveryParts, takeOver} from './jobs/recovery.js'
import type {FindValue} from './settings/setting.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {PROCESSES} from './settings/tables/registry.js'

/**
 * The heartbeats of this process, after which it takes over what dead processes held.
 * @throws Failure `usage` for a time-out that a late heartbeat would exceed
 */
export function createHeartbeats(
  parts: RecoveryParts & {
    readonly holder: string
    readonly folders?: string | undefined
    readonly uploads: Uploads
    readonly cleanups: Cleanups
  },
  {pid, given = NOTHING_GIVEN}: ServerSettings,
  warn: (line: string) => void,
): Heartbeats {
  const {registry, holder, folders, uploads, unused, cleanups} = parts
  const {interval, timeout} = readTimes(given.in())
  return new Heartbeats({
    registry,
    process: {id: holder, host: hostname(), pid, folders},
    interval,
    timeout,
    abort: id => uploads.abort(id),
    takeOver: async dead => {
      await cleanups.retry()
      await uploads.abortLost()
      const {ended, killed} = await takeOver(parts)
      if (ended > 0)
        warn(`took over from a process that died: ${ended} uploads ended, ${killed} images killed`)
      if (ended + dead > 0) await unused.removeAll()
    },
    report: error => warn(`cannot take over from dead processes, will try again: ${describeError(error)}`),
  })
}

function readTimes(find: FindValue): {readonly interval: number; readonly timeout: number} {
  const {process_heartbeat: interval, process_timeout: timeout} = readSettings(PROCESSES, find)
  if (timeout >= 2 * interval) return {interval, timeout}
  throw usageError(`invalid process_timeout '${timeout}': expected at least twice process_heartbeat`, {
    why: `heartbeats are ${interval} seconds apart, and one may be late`,
    advice: `Set process_timeout to ${2 * interval} or more.`,
  })
}

/** Progress and notes of the work, in the forms that programs take. */
import type {Notes} from '../model/notes.js'
import {NO_PROGRESS, type Progress} from '../work/progress/progress.js'
import type {DataOptions, Logger} from './options.js'

/** Reports the bytes of transfers to the function of the options; checks of existing data are not transfers. */
export function toProgress({onProgress}: DataOptions): Progress {
  if (onProgress === undefined) return NO_PROGRESS
  let bytes = 0
  let total: number | undefined
  let isTransfer = false
  return {
    ...NO_PROGRESS,
    start: task => {
      isTransfer = task.isCheck !== true
      bytes = task.initial ?? 0
      total = task.total
      if (isTransfer) onProgress({bytes, total})
    },
    advance: count => {
      bytes += count
      if (isTransfer) onProgress({bytes, total})
    },
  }
}

/** Notes and warnings for the logger of a client. */
export function toNotes(logger: Logger | undefined): Notes {
  return {note: text => logger?.info?.(text), warning: text => logger?.warn?.(text)}
}

/** Chooses how progress is shown: by the flags, and by what standard error is. */
import type {Io} from '../../io/io.js'
import {NO_PROGRESS, type Progress} from '../../work/progress/progress.js'

/** The flags that have a say; a command need not have all of them. */
export interface ProgressFlags {
  readonly progress?: 'bar' | 'lines' | 'json' | undefined
  readonly 'progress-interval'?: number | undefined
  readonly 'no-progress'?: boolean | undefined
  readonly 'silent-upload'?: boolean | undefined
}

/** Seconds between two lines, and between two events. */
const LINES_INTERVAL = 10
const EVENTS_INTERVAL = 1

/** A bar in a terminal, nothing elsewhere; and what the flags ask for, wherever. */
export async function chooseProgress(flags: ProgressFlags, {stderr, env}: Io): Promise<Progress> {
  if (flags['no-progress'] || flags['silent-upload']) return NO_PROGRESS
  const {progress: form, 'progress-interval': seconds} = flags
  if (form === 'lines' || form === 'json') {
    const {ProgressLines, ProgressEvents} = await import('../../work/progress/lines.js')
    if (form === 'lines') return new ProgressLines(stderr, seconds ?? LINES_INTERVAL)
    return new ProgressEvents(stderr, seconds ?? EVENTS_INTERVAL)
  }
  if (!stderr.isTerminal || (form === undefined && env['TERM'] === 'dumb')) return NO_PROGRESS
  const {ProgressBar} = await import('../../work/progress/bar.js')
  return new ProgressBar(stderr)
}

/** Flags for progress, and the choice of a progress display from them. */
import * as Flags from '@oclif/core/flags'
import type {Io} from '../../io/io.js'
import {NO_PROGRESS, type Progress} from '../../work/progress/progress.js'
import {flagGroup, numberFlag, wholeNumber} from './group.js'

/** Default seconds between two lines, and between two events. */
const LINES_INTERVAL = 10
const EVENTS_INTERVAL = 1

/** The option of earlier clients, where it was a global one. */
export const silentFlags = {'silent-upload': Flags.boolean({description: 'Older form of --no-progress'})}

/** Flags for progress. */
export const progressGroup = flagGroup({
  flags: {
    progress: Flags.option({
      description: 'Progress format',
      defaultHelp: async () => 'bar on a terminal',
      options: ['bar', 'lines', 'json'] as const,
    })(),
    'progress-interval': numberFlag({
      helpValue: 'N',
      description: 'Print progress every N seconds',
      defaultHelp: async () => `${LINES_INTERVAL}, or ${EVENTS_INTERVAL} with json`,
      ...wholeNumber('progress-interval', 1),
    }),
    'no-progress': Flags.boolean({description: 'Do not show progress'}),
  },
  read: async (parsed, {io, display}) => display.adopt(await chooseProgress(parsed, io)),
})

interface ProgressFlags {
  readonly progress?: 'bar' | 'lines' | 'json' | undefined
  readonly 'progress-interval'?: number | undefined
  readonly 'no-progress'?: boolean | undefined
  /** Older form of `no-progress`. */
  readonly 'silent-upload'?: boolean | undefined
}

/** The display that the flags select. Default: a bar on a terminal, none elsewhere. */
export async function chooseProgress(flags: ProgressFlags, {stderr, env}: Io): Promise<Progress> {
  if (flags['no-progress'] || flags['silent-upload']) return NO_PROGRESS
  const {progress: format, 'progress-interval': seconds} = flags
  if (format === 'lines' || format === 'json') {
    const {ProgressLines, ProgressEvents} = await import('../../work/progress/lines.js')
    if (format === 'lines') return new ProgressLines(stderr, seconds ?? LINES_INTERVAL)
    return new ProgressEvents(stderr, seconds ?? EVENTS_INTERVAL)
  }
  if (!stderr.isTerminal || (format === undefined && env['TERM'] === 'dumb')) return NO_PROGRESS
  const {ProgressBar} = await import('../../work/progress/bar.js')
  return new ProgressBar(stderr)
}

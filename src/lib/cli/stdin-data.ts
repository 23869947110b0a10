/** Standard input as the source of data for a change. */

import {imageDataFrom} from '../io/image-data.js'
import type {Io} from '../io/io.js'
import type {DataSource} from '../work/image-changes.js'
import {type Progress, watched} from '../work/progress.js'

/** How long a pipe may stay silent before it counts as carrying nothing, where no data is needed. Milliseconds. */
const GLIMPSE_MS = 200

/** The data on standard input; nothing is read before it is asked for. */
export function stdinData(io: Io): DataSource {
  const {stdin, interrupted: signal} = io
  const onSilence = () => {
    const note = 'note: waiting for data on standard input; to go on without data, redirect it from /dev/null'
    void io.stderr.write(`${note}\n`)
  }
  return {
    wait: () => imageDataFrom(stdin, {signal, onSilence}),
    glimpse: () => imageDataFrom(stdin, {signal, giveUpAfter: GLIMPSE_MS}),
    get exists() {
      return stdin.kind === 'file' || stdin.kind === 'pipe'
    },
  }
}

/** The same source, whose data is told of as it leaves. */
export function shownData(source: DataSource, progress: Progress, name: string): DataSource {
  const shown = async (data: ReturnType<DataSource['wait']>) => {
    const found = await data
    return typeof found === 'object' ? watched(found, progress, name) : found
  }
  return {
    wait: () => shown(source.wait()),
    glimpse: () => shown(source.glimpse()),
    get exists() {
      return source.exists
    },
  }
}

/** Bytes per second that an upload surely makes, to reckon how long a token must live. */
const SLOW = 5_000_000

/** Seconds to grant to an upload whose length nobody knows. */
const UNKNOWN_LENGTH = 600

/** How long the upload of what is on standard input may take, in seconds; 0 when there is nothing to upload. */
export function uploadSeconds({stdin}: Io): number {
  if (stdin.kind === 'file' && stdin.size !== undefined) return Math.ceil(stdin.size / SLOW)
  return stdin.kind === 'pipe' || stdin.kind === 'file' ? UNKNOWN_LENGTH : 0
}

/** Colours of statuses, for terminals. */
import type {ChalkInstance} from 'chalk'

/** Colours a status: the same text with colour, or without one for a status that needs none. */
export type PaintStatus = (status: string) => string

const COLOURS: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'dim'>> = {
  active: 'green',
  accepted: 'green',
  queued: 'yellow',
  saving: 'yellow',
  uploading: 'yellow',
  importing: 'yellow',
  pending: 'yellow',
  killed: 'red',
  rejected: 'red',
  deactivated: 'dim',
  deleted: 'dim',
  pending_delete: 'dim',
}

/** Loads the library for colours. It does not look at the terminal itself: `inspectOutput` has decided. */
export async function loadColours(): Promise<ChalkInstance> {
  const {Chalk} = await import('chalk')
  return new Chalk({level: 1})
}

/** The colours of statuses. @param hasColour as `inspectOutput` has decided */
export async function loadPaint(hasColour: boolean): Promise<PaintStatus> {
  if (!hasColour) return status => status
  const colours = await loadColours()
  return status => {
    const colour = Object.hasOwn(COLOURS, status) ? COLOURS[status] : undefined
    return colour === undefined ? status : colours[colour](status)
  }
}

/** The line of a status in a block, coloured; any other line as it is. */
export function paintStatusLine(line: string, paint: PaintStatus): string {
  const [, label, status] = /^(Status: )(\w+)$/.exec(line) ?? []
  return label === undefined || status === undefined ? line : label + paint(status)
}

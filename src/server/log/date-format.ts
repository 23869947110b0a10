/** Writes times in the notation of strftime(3), which the settings of the original have for the log. */

const two = (number: number): string => String(number).padStart(2, '0')

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** What stands for a letter after `%`, in the time zone of the machine, with names in English. */
const DIRECTIVES: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  a: date => (DAYS[date.getDay()] ?? '').slice(0, 3),
  A: date => DAYS[date.getDay()] ?? '',
  b: date => (MONTHS[date.getMonth()] ?? '').slice(0, 3),
  B: date => MONTHS[date.getMonth()] ?? '',
  d: date => two(date.getDate()),
  f: date => `${String(date.getMilliseconds()).padStart(3, '0')}000`,
  H: date => two(date.getHours()),
  I: date => two(date.getHours() % 12 || 12),
  j: date => String(dayOfYear(date)).padStart(3, '0'),
  m: date => two(date.getMonth() + 1),
  M: date => two(date.getMinutes()),
  p: date => (date.getHours() < 12 ? 'AM' : 'PM'),
  S: date => two(date.getSeconds()),
  y: date => two(date.getFullYear() % 100),
  Y: date => String(date.getFullYear()),
  z: formatOffset,
}

/** The directives of formats, for messages. */
export const DATE_DIRECTIVES = Object.keys(DIRECTIVES)
  .map(letter => `%${letter}`)
  .join(' ')

/** Formats a time; the text of the last second is used again. */
export type FormatDate = (date: Date) => string

/** @returns undefined for a format with an unknown directive */
export function createDateFormat(format: string): FormatDate | undefined {
  const parts: readonly string[] = format.match(/%.?|[^%]+/gs) ?? []
  const isKnown = parts.every(part => !part.startsWith('%') || Object.hasOwn(DIRECTIVES, part.slice(1)))
  if (!isKnown) return undefined
  const write = (date: Date) =>
    parts.map(part => (part.startsWith('%') ? DIRECTIVES[part.slice(1)]?.(date) : part)).join('')
  return parts.includes('%f') ? write : rememberSecond(write)
}

function rememberSecond(write: FormatDate): FormatDate {
  let second = Number.NaN
  let text = ''
  return date => {
    const now = Math.floor(date.getTime() / 1000)
    if (now !== second) text = write(date)
    second = now
    return text
  }
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getFullYear(), 0, 1)
  return (Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - start) / 86_400_000 + 1
}

/** `+0100`. */
function formatOffset(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`
}

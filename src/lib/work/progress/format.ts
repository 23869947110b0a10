/** Formats progress: amounts, durations, and a line of a given width. */

import {formatSize} from '../output/formats/size.js'
import {escapeControls} from '../output/text.js'
import type {ProgressCounter} from './counter.js'

/** Seconds as `0:05`, `12:34` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const pad = (number: number) => String(number).padStart(2, '0')
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`
}

/** The amount that is done: `1.5 MiB of 3.0 MiB`, `7 of 12 images`. */
export function formatAmount({count, task}: ProgressCounter): string {
  const {total, unit} = task
  if (unit === 'images') return total === undefined ? `${count} images` : `${count} of ${total} images`
  return total === undefined ? formatSize(count) : `${formatSize(count)} of ${formatSize(total)}`
}

/** The rate: `12 MiB/s`. @param rate units per second */
export function formatRate({task}: ProgressCounter, rate: number): string {
  return task.unit === 'bytes' ? `${formatSize(rate)}/s` : `${rate.toFixed(rate < 10 ? 1 : 0)}/s`
}

/** Percent, amount, rate and time in one line, for logs. */
export function formatLine(counter: ProgressCounter): string {
  const {percent} = counter
  const left = counter.remaining()
  const parts = [
    ...(percent === undefined ? [] : [`${percent}%`]),
    formatAmount(counter),
    formatRate(counter, counter.rate()),
    left === undefined ? `${formatDuration(counter.elapsed)} elapsed` : `${formatDuration(left)} left`,
  ]
  return `${escapeControls(counter.task.name)}: ${parts.join(', ')}`
}

/** Minimum columns of a line with the rate, and of one with the bar. */
const ROOM_FOR_RATE = 50
const ROOM_FOR_BAR = 72

/** Minimum columns for the name. */
const ROOM_FOR_NAME = 10
const MAX_BAR_WIDTH = 40

/**
 * Name, percent, bar, amount, rate and time in one line. It is never wider than the columns, because a line that wraps
 * cannot be redrawn: parts that do not fit are left out, and a long name is cut.
 * @param isEnd the task has ended: show the mean rate and the elapsed time
 */
export function formatBar(counter: ProgressCounter, columns: number, isEnd = false): string {
  const {percent} = counter
  const left = isEnd ? undefined : counter.remaining()
  const rate = isEnd ? counter.meanRate() : counter.rate()
  const facts = [
    ...(columns >= ROOM_FOR_BAR ? [formatAmount(counter)] : [formatShortAmount(counter)]),
    ...(columns >= ROOM_FOR_RATE ? [formatRate(counter, rate)] : []),
    left === undefined ? formatDuration(counter.elapsed) : `${formatDuration(left)} left`,
  ].join('  ')
  const share = percent === undefined ? '' : `${String(percent).padStart(3)}%  `
  const room = columns - share.length - facts.length
  if (room < ROOM_FOR_NAME) return `${share}${facts}`.trimStart().slice(0, Math.max(0, columns))
  const hasBar = percent !== undefined && columns >= ROOM_FOR_BAR && room >= 20
  const barRoom = hasBar ? Math.min(MAX_BAR_WIDTH, Math.floor(room / 2)) : 0
  const name = truncate(escapeControls(counter.task.name), room - barRoom - 2)
  const bar = hasBar ? `${drawBar(percent, barRoom - 4)}  ` : ''
  return `${name}  ${share}${bar}${facts}`
}

function formatShortAmount(counter: ProgressCounter): string {
  const {count, task} = counter
  return task.unit === 'bytes' ? formatSize(count) : String(count)
}

/** `[=====>    ]`, with this number of columns between the brackets. */
function drawBar(percent: number, columns: number): string {
  const full = Math.floor((percent / 100) * columns)
  const body = full >= columns ? '='.repeat(columns) : `${'='.repeat(full)}>`
  return `[${body.padEnd(columns)}]`
}

/** Cuts the text. Characters beyond ASCII count as two columns, as wide as they can be. */
function truncate(text: string, columns: number): string {
  const measure = (part: string) => [...part].reduce((sum, char) => sum + (char > '~' ? 2 : 1), 0)
  if (measure(text) <= columns) return text
  const chars = [...text]
  while (chars.length > 0 && measure(chars.join('')) > columns - 3) chars.pop()
  return `${chars.join('')}...`.slice(0, columns)
}

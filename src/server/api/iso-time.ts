/**
 * Parses times in ISO 8601, with or without a zone, or a date only (wire/v1.md#d65, #d66, #d67, #d68, #d69, #d70, #d71).
 */

const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[ T](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/i

/** Converts a time to UTC in the format of the registry, `2026-11-21T07:16:33.383956`; undefined for other text. */
export function parseIsoTime(text: string): string | undefined {
  const match = ISO.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${normalizeZone(zone)}`)
  if (Number.isNaN(date.getTime())) return undefined
  return `${date.toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}`
}

function normalizeZone(zone: string): string {
  if (/^z$/i.test(zone)) return 'Z'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`
}

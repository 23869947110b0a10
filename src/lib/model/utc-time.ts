/** Times with a zone: one without a zone is in UTC. */

/**
 * A time in ISO 8601 with a zone. Version 1 of the API writes `2011-08-15T16:20:49`, which is UTC; text that is not a
 * time stays.
 */
export function toUtcTime(text: string): string {
  if (text.endsWith('Z') && text[10] === 'T') return text
  const [, date, time, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? []
  if (date === undefined) return text
  if (/^(Z|[+-]00:?00)$/.test(zone)) return `${date}T${time}Z`
  const moment = new Date(`${date}T${time}${zone}`)
  return Number.isNaN(moment.getTime()) ? text : moment.toISOString().replace('.000Z', 'Z')
}

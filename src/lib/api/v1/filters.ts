/** Which filters version 1 of the API knows. It ignores all others, and would then list too much (v1-wire D40). */
import {usageError} from '../../model/errors.js'
import {EXTRA_FILTERS, FIELDS} from '../../model/fields.js'
import type {Filters} from '../../model/image.js'

const KNOWN = [...FIELDS.filter(field => field.filter), ...EXTRA_FILTERS].map(({name}) => name)

/** @throws Failure of kind `usage` for a filter that the server would not apply */
export function checkFilters(filters: Filters | undefined): void {
  const unknown = Object.keys(filters?.fields ?? {}).find(name => !KNOWN.includes(name))
  if (unknown === undefined) return
  throw usageError(`lists cannot be filtered by '${unknown}'`, {
    why: 'version 1 of the Image API does not know this filter',
    advice: `It knows ${KNOWN.join(', ')} and property-NAME.`,
  })
}

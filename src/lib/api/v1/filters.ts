/** Which filters version 1 of the API knows. It ignores all others, and would then list too much (v1-wire D40). */
import {usageError} from '../../model/errors.js'
import {filterNames} from '../../model/filter-names.js'
import type {Filters} from '../../model/image.js'

const KNOWN = filterNames(1)
const LATER = filterNames(2)

/** @throws Failure of kind `usage` for a filter that the server would not apply */
export function checkFilters(filters: Filters | undefined): void {
  const unknown = Object.keys(filters?.fields ?? {}).find(name => !KNOWN.includes(name))
  if (unknown === undefined) return
  const instead = unknown === 'visibility' ? 'Use is_public=. ' : ''
  throw usageError(`lists cannot be filtered by '${unknown}'`, {
    why: LATER.includes(unknown)
      ? 'Image API v1 does not know this filter, v2 does'
      : 'version 1 of the Image API does not know this filter',
    advice: `${instead}It knows ${KNOWN.join(', ')} and property-NAME.`,
  })
}

/** Which filters version 1 of the API knows. It ignores all others, and would then list too much (wire/v1.md#d40). */
import {usageError} from '../../model/errors.js'
import {filterNames} from '../../model/filter-names.js'
import type {Filters} from '../../model/image.js'

const V1_FILTERS = filterNames(1)
const V2_FILTERS = filterNames(2)

/** @throws Failure of kind `usage` for a filter that the server would not apply */
export function checkFilters(filters: Filters | undefined): void {
  const unknown = Object.keys(filters?.fields ?? {}).find(name => !V1_FILTERS.includes(name))
  if (unknown === undefined) return
  const instead = unknown === 'visibility' ? 'Use is_public=. ' : ''
  throw usageError(`lists cannot be filtered by '${unknown}'`, {
    why: V2_FILTERS.includes(unknown)
      ? 'Image API v1 does not know this filter, v2 does'
      : 'version 1 of the Image API does not know this filter',
    advice: `${instead}It knows ${V1_FILTERS.join(', ')} and property-NAME.`,
  })
}

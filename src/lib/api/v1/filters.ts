/**
 * The filters of version 1 of the API. The server ignores all others, and would then list too much (wire/v1.md#d40).
 */
import {usageError} from '../../model/errors.js'
import {filterNames, usedFilters} from '../../model/filter-names.js'
import type {Filters} from '../../model/list-query.js'

/**
 * Filters as parameters of a query, except those of custom properties.
 * @throws Failure of kind `usage` for a filter that the server would not apply
 */
export function filterParameters(filters: Filters): [name: string, value: string][] {
  return usedFilters(filters).map(([{name, key, since}, text]) => {
    if (since > 1) throw unknownFilterError(name)
    return [name, key === 'isPublic' && text === 'any' ? 'none' : text]
  })
}

function unknownFilterError(name: string): Error {
  const instead = name === 'visibility' ? 'Use is_public=. ' : ''
  return usageError(`cannot filter lists by '${name}'`, {
    why: 'only v2 of the Image API has this filter',
    advice: `${instead}Filters of v1: ${filterNames(1).join(', ')} and property-NAME.`,
  })
}

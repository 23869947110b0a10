/** Selects the region of a cloud that lists several. */
import {usageError} from '../../model/errors.js'
import {isJsonObject} from '../../model/json-object.js'
import {type CloudValues, mergeCloudValues, toCloudValues, toText} from './cloud-values.js'

interface Region {
  readonly name: string
  readonly values: unknown
}

/**
 * Overrides the values of a cloud by those of its region. A list of regions is exhaustive: the first is the default, and
 * any other name is an error. A cloud with only a `region_name` leaves the choice to its catalog.
 * @param requested region given by a flag or a variable
 * @throws Failure of kind usage for a region that is not in the list
 */
export function applyRegion(values: CloudValues, requested: string | undefined, cloud: string): CloudValues {
  const list = values.get('regions')
  const regions = Array.isArray(list?.value) ? list.value.flatMap(parseRegion) : []
  if (!list || regions.length === 0) return values
  const configured = toText(values.get('region_name')?.value)
  const region = requested
    ? regions.find(({name}) => name === requested)
    : (regions.find(({name}) => name === configured) ?? regions[0])
  if (!region) throw unknownRegionError(requested ?? '', regions, cloud)
  const from = `region '${region.name}' of ${list.from}`
  return mergeCloudValues(
    values,
    toCloudValues(region.values, from),
    toCloudValues({region_name: region.name}, list.from),
  )
}

function parseRegion(entry: unknown): Region[] {
  if (!isJsonObject(entry)) return toText(entry) ? [{name: toText(entry) ?? '', values: {}}] : []
  const name = toText(entry['name'])
  return name ? [{name, values: entry['values']}] : []
}

function unknownRegionError(requested: string, regions: readonly Region[], cloud: string): Error {
  return usageError(`cloud '${cloud}' has no region '${requested}'`, {
    why: `its regions are: ${regions.map(({name}) => name).join(', ')}`,
    advice: 'Name one of them with --os-region-name or OS_REGION_NAME; upper and lower case matter.',
  })
}

/** Chooses the region of a cloud that lists several. */
import {usageError} from '../model/errors.js'
import {isMapping} from '../model/mapping.js'
import {type CloudValues, cloudValues, layered, textOf} from './cloud-values.js'

interface Region {
  readonly name: string
  readonly values: unknown
}

/**
 * The values of a cloud with those of the region laid over them. A list of regions is closed: the first is the default,
 * and another name is an error. A cloud with nothing but a `region_name` leaves the choice to its catalog.
 * @param wanted a region named outside the file
 * @throws Failure of kind usage for a region that is not in the list
 */
export function withRegion(values: CloudValues, wanted: string | undefined, cloud: string): CloudValues {
  const list = values.get('regions')
  const regions = Array.isArray(list?.value) ? list.value.flatMap(regionOf) : []
  if (!list || regions.length === 0) return values
  const own = textOf(values.get('region_name')?.value)
  const region = wanted
    ? regions.find(({name}) => name === wanted)
    : (regions.find(({name}) => name === own) ?? regions[0])
  if (!region) throw unknownRegion(wanted ?? '', regions, cloud)
  const from = `region '${region.name}' of ${list.from}`
  return layered(values, cloudValues(region.values, from), cloudValues({region_name: region.name}, list.from))
}

function regionOf(entry: unknown): Region[] {
  if (!isMapping(entry)) return textOf(entry) ? [{name: textOf(entry) ?? '', values: {}}] : []
  const name = textOf(entry['name'])
  return name ? [{name, values: entry['values']}] : []
}

function unknownRegion(wanted: string, regions: readonly Region[], cloud: string): Error {
  return usageError(`cloud '${cloud}' has no region '${wanted}'`, {
    why: `its regions are: ${regions.map(({name}) => name).join(', ')}`,
    advice: 'Name one of them with --os-region-name or OS_REGION_NAME; upper and lower case matter.',
  })
}

/** Finds the Image service in the catalog that came with a token. */
import {type Failure, usageError} from '../model/errors.js'
import {isMapping} from '../model/mapping.js'
import type {Setting} from './setting-table.js'

export interface CatalogEndpoint {
  /** Of the service: `image`. */
  readonly type: string
  /** `public`, `internal` or `admin`. */
  readonly interface: string
  readonly region: string
  readonly url: string
}

export type Catalog = readonly CatalogEndpoint[]

/** Reads `token.catalog` of version 3 or `serviceCatalog` of version 2.0; leaves out what it does not understand. */
export function catalogOf(document: unknown): Catalog {
  if (!Array.isArray(document)) return []
  return document.filter(isMapping).flatMap(({type, endpoints}) => {
    if (typeof type !== 'string' || !Array.isArray(endpoints)) return []
    return endpoints.filter(isMapping).flatMap(endpoint => {
      const region = text(endpoint['region_id']) || text(endpoint['region'])
      return addresses(endpoint).map(([name, url]) => ({type, interface: name, region, url}))
    })
  })
}

function addresses(endpoint: Readonly<Record<string, unknown>>): [string, string][] {
  const old = ['public', 'internal', 'admin'].map(name => [name, text(endpoint[`${name}URL`])])
  const all = [[text(endpoint['interface']).replace(/URL$/, ''), text(endpoint['url'])], ...old]
  return all.filter((pair): pair is [string, string] => pair.every(Boolean))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export interface Wanted {
  /** Type of the service; `image`, else `glance` when absent. */
  readonly serviceType?: Setting | undefined
  /** Most preferred first. */
  readonly interfaces: Setting<readonly string[]>
  readonly region?: Setting | undefined
  /** The project of the token, where it has one. */
  readonly projectId?: string | undefined
}

/**
 * The address of the service as the catalog has it.
 * @throws Failure of kind usage that lists the choices, when there is none or more than one
 */
export function endpointIn(catalog: Catalog, wanted: Wanted): string {
  const offered = inRegion(ofService(catalog, wanted), wanted)
  const [name] = wanted.interfaces.value.filter(each => offered.some(endpoint => endpoint.interface === each))
  const chosen = offered.filter(endpoint => endpoint.interface === name)
  const [first] = chosen
  if (!first) {
    throw usageError(`the Image service has no ${wanted.interfaces.value.join(' or ')} endpoint here`, {
      why: `it offers: ${choices(offered, 'interface')}`,
      advice: 'Name one of them with --os-interface or OS_INTERFACE.',
    })
  }
  if (chosen.every(({url}) => url === first.url) || regionsOf(chosen).length === 1) return first.url
  throw usageError('the Image service is in more than one region', {
    why: `its regions are: ${choices(chosen, 'region')}`,
    advice: 'Name one of them with --os-region-name or OS_REGION_NAME.',
  })
}

function ofService(catalog: Catalog, {serviceType, projectId}: Wanted): Catalog {
  const types = serviceType ? [serviceType.value] : ['image', 'glance']
  const type = types.find(each => catalog.some(endpoint => endpoint.type === each))
  if (type) return catalog.filter(endpoint => endpoint.type === type)
  if (catalog.length === 0) throw nowhere(projectId)
  throw usageError(`the cloud has no service of type '${types[0]}'`, {
    why: `its catalog has: ${choices(catalog, 'type')}`,
    advice: 'Name the address of the service with --url or OS_IMAGE_ENDPOINT_OVERRIDE.',
  })
}

function nowhere(projectId: string | undefined): Failure {
  return usageError('the token does not say where the Image service is', {
    why: projectId
      ? 'its catalog has no address of any service'
      : 'it came without a catalog: it belongs to no project',
    advice: projectId
      ? 'Name the address of the service with --url.'
      : 'Name a project with OS_PROJECT_NAME, or the address of the service with --url.',
  })
}

function inRegion(offered: Catalog, {region}: Wanted): Catalog {
  if (!region) return offered
  const found = offered.filter(endpoint => endpoint.region === region.value)
  if (found.length > 0) return found
  throw usageError(`the Image service is not in region '${region.value}'`, {
    why: `its regions are: ${choices(offered, 'region')}; '${region.value}' comes from ${region.from}`,
    advice: 'Name one of them with --os-region-name or OS_REGION_NAME; upper and lower case matter.',
  })
}

function regionsOf(catalog: Catalog): readonly string[] {
  return [...new Set(catalog.map(({region}) => region))]
}

function choices(catalog: Catalog, key: 'type' | 'region' | 'interface'): string {
  return [...new Set(catalog.map(endpoint => endpoint[key] || '(unnamed)'))].sort().join(', ')
}

/** Finds the Image service in the catalog of a token. */
import {type Failure, usageError} from '../../model/errors.js'
import {isJsonObject} from '../../model/json-object.js'
import type {Setting} from '../setting-table.js'

/** One address of a service. */
export interface CatalogEndpoint {
  /** Type of the service: `image`. */
  readonly type: string
  /** `public`, `internal` or `admin`. */
  readonly interface: string
  readonly region: string
  readonly url: string
}

/** The endpoints that a token gives access to. */
export type Catalog = readonly CatalogEndpoint[]

/** Parses `token.catalog` of version 3 or `serviceCatalog` of version 2.0; skips unknown entries. */
export function parseCatalog(document: unknown): Catalog {
  if (!Array.isArray(document)) return []
  return document.filter(isJsonObject).flatMap(({type, endpoints}) => {
    if (typeof type !== 'string' || !Array.isArray(endpoints)) return []
    return endpoints.filter(isJsonObject).flatMap(endpoint => {
      const region = toText(endpoint['region_id']) || toText(endpoint['region'])
      return endpointUrls(endpoint).map(([name, url]) => ({type, interface: name, region, url}))
    })
  })
}

function endpointUrls(endpoint: Readonly<Record<string, unknown>>): [string, string][] {
  const legacy = ['public', 'internal', 'admin'].map(name => [name, toText(endpoint[`${name}URL`])])
  const pairs = [[toText(endpoint['interface']).replace(/URL$/, ''), toText(endpoint['url'])], ...legacy]
  return pairs.filter((pair): pair is [string, string] => pair.every(Boolean))
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Criteria for the endpoint. */
export interface EndpointQuery {
  /** Type of the service; `image`, else `glance` when absent. */
  readonly serviceType?: Setting | undefined
  /** Most preferred first. */
  readonly interfaces: Setting<readonly string[]>
  readonly region?: Setting | undefined
  /** Project of the token, if it has one. */
  readonly projectId?: string | undefined
}

/**
 * The URL of the service in the catalog.
 * @throws Failure of kind usage that lists the choices, when none or several match
 */
export function selectEndpoint(catalog: Catalog, query: EndpointQuery): string {
  const candidates = filterByRegion(filterByService(catalog, query), query)
  const [name] = query.interfaces.value.filter(each =>
    candidates.some(endpoint => endpoint.interface === each),
  )
  const matches = candidates.filter(endpoint => endpoint.interface === name)
  const [first] = matches
  if (!first) {
    throw usageError(`the Image service has no ${query.interfaces.value.join(' or ')} endpoint here`, {
      why: `its interfaces are: ${formatChoices(candidates, 'interface')}`,
      advice: 'Name one of them with --os-interface or OS_INTERFACE.',
    })
  }
  if (matches.every(({url}) => url === first.url) || listRegions(matches).length === 1) return first.url
  throw usageError('the Image service is in more than one region', {
    why: `its regions are: ${formatChoices(matches, 'region')}`,
    advice: 'Name one of them with --os-region-name or OS_REGION_NAME.',
  })
}

function filterByService(catalog: Catalog, {serviceType, projectId}: EndpointQuery): Catalog {
  const types = serviceType ? [serviceType.value] : ['image', 'glance']
  const type = types.find(each => catalog.some(endpoint => endpoint.type === each))
  if (type) return catalog.filter(endpoint => endpoint.type === type)
  if (catalog.length === 0) throw noCatalogError(projectId)
  throw usageError(`the cloud has no service of type '${types[0]}'`, {
    why: `its catalog has: ${formatChoices(catalog, 'type')}`,
    advice: 'Name the address of the service with --url or OS_IMAGE_ENDPOINT_OVERRIDE.',
  })
}

function noCatalogError(projectId: string | undefined): Failure {
  return usageError('the token contains no address of the Image service', {
    why: projectId ? 'its catalog is empty' : 'it has no catalog, because it belongs to no project',
    advice: projectId
      ? 'Name the address of the service with --url.'
      : 'Name a project with OS_PROJECT_NAME, or the address of the service with --url.',
  })
}

function filterByRegion(catalog: Catalog, {region}: EndpointQuery): Catalog {
  if (!region) return catalog
  const matches = catalog.filter(endpoint => endpoint.region === region.value)
  if (matches.length > 0) return matches
  throw usageError(`the Image service is not in region '${region.value}'`, {
    why: `its regions are: ${formatChoices(catalog, 'region')}; '${region.value}' comes from ${region.from}`,
    advice: 'Name one of them with --os-region-name or OS_REGION_NAME; upper and lower case matter.',
  })
}

function listRegions(catalog: Catalog): readonly string[] {
  return [...new Set(catalog.map(({region}) => region))]
}

function formatChoices(catalog: Catalog, key: 'type' | 'region' | 'interface'): string {
  return [...new Set(catalog.map(endpoint => endpoint[key] || '(unnamed)'))].sort().join(', ')
}

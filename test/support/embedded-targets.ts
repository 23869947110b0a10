/** The embedded service as a target of the commands: over either version of the API, with authentication of its callers or without. */
import {openImageApi} from '../../src/lib/api/open-api.js'
import type {ServerSettings} from '../../src/server/config.js'
import type {Projects} from '../contract/projects.contract.js'
import type {Facts, SharedTarget, Target, User} from '../contract/target.js'
import {VERSION_1, VERSION_2} from '../contract/target.js'
import {serveEarlier} from './http/earlier-service.js'
import {startService, type TestService} from './test-service.js'

interface Embedded<T> {
  readonly name: string
  readonly facts: Facts
  open(): Promise<T>
}

/** Without authentication, every caller is the administrator. */
const OPEN_TO_ALL = {hasVersion1: true, everybodyPublishes: true, isOurs: true}
const TELLS_APART = {hasVersion1: true, everybodyPublishes: false, isOurs: true}

/** No version is named, so `--can-share` goes through version 1. */
const BOTH_VERSIONS = {hasVersion1: true, sharesFurther: true}

/** A list of version 1 contains only public images for administrators. */
const ONLY_PUBLIC = {notPublicToo: ['is_public=none']}

/** Services without authentication. */
export const OPEN_SERVICES: readonly Embedded<Target>[] = [
  {
    name: 'version 1, embedded',
    facts: {...VERSION_1, ...OPEN_TO_ALL, ...ONLY_PUBLIC},
    open: () => openTarget(() => reachVersion(1)),
  },
  {
    name: 'version 2, embedded',
    facts: {...VERSION_2, ...OPEN_TO_ALL},
    open: () => openTarget(() => reachVersion(2)),
  },
]

/** Services that trust the names of their callers. */
export const SHARED_SERVICES: readonly Embedded<SharedTarget>[] = [
  {
    name: 'version 1, embedded, with users',
    facts: {...VERSION_1, ...TELLS_APART, notPublicToo: []},
    open: () => openSharedTarget(() => reachVersion(1, {auth: 'fake'})),
  },
  {
    name: 'version 2, embedded, with users',
    facts: {...VERSION_2, ...TELLS_APART},
    open: () => openSharedTarget(() => reachVersion(2, {auth: 'fake'})),
  },
]

/** The facts of earlier releases, by their minor version of v2. Until 2.6, they have version 1 too. */
const EARLIER = [
  {
    minor: 3,
    release: 'Mitaka',
    facts: {...VERSION_2, ...BOTH_VERSIONS, memberVisibility: 'private', hasRanges: false, hasHidden: false},
  },
  {minor: 6, release: 'Queens', facts: {...VERSION_2, ...BOTH_VERSIONS, hasHidden: false}},
  {minor: 9, release: 'Train', facts: {...VERSION_2, hasVersion1: false}},
  {minor: 16, release: 'today', facts: {...VERSION_2, hasVersion1: false}},
] as const

/** Services of earlier releases without authentication; the tool detects their version. */
export const EARLIER_SERVICES: readonly Embedded<Target>[] = EARLIER.map(({minor, release, facts}) => ({
  name: `version 2.${minor} (${release})`,
  facts: {...OPEN_TO_ALL, ...facts},
  open: () => openTarget(() => reachEarlier(minor)),
}))

/** A service of the release that shares images otherwise, which trusts the names of its callers. */
export const EARLIER_SHARED_SERVICES: readonly Embedded<SharedTarget>[] = EARLIER.slice(0, 1).map(
  ({minor, release, facts}) => ({
    name: `version 2.${minor} (${release}), with users`,
    facts: {...TELLS_APART, ...facts},
    open: () => openSharedTarget(() => reachEarlier(minor, {auth: 'fake'})),
  }),
)

/** A service, and the variables by which the tool reaches it. */
interface Reached {
  readonly service: TestService
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

async function reachVersion(version: 1 | 2, settings?: Partial<ServerSettings>): Promise<Reached> {
  const service = await startService(settings)
  const env = {OS_IMAGE_URL: service.url, OS_IMAGE_API_VERSION: String(version)}
  return {service, env, close: service.close}
}

async function reachEarlier(minor: number, settings?: Partial<ServerSettings>): Promise<Reached> {
  const service = await startService(settings)
  const front = await serveEarlier(minor, service.port)
  return {
    service,
    env: {OS_IMAGE_URL: front.url},
    close: async () => {
      await front.close()
      await service.close()
    },
  }
}

async function openTarget(reach: () => Promise<Reached>): Promise<Target> {
  const {env, close} = await reach()
  return {own: {world: {env}, project: undefined}, secrets: [], close}
}

/** The token by which the service knows a user whose project has the same name. */
export function createToken(name: string): string {
  return `${name}:${name}:${name === 'admin' ? 'admin' : 'member'}`
}

async function openSharedTarget(reach: () => Promise<Reached>): Promise<SharedTarget> {
  const {service, env, close} = await reach()
  const user = (name: string): User => ({
    world: {env: {...env, OS_AUTH_TOKEN: createToken(name), OS_PROJECT_ID: name}},
    project: name,
  })
  const headers = {'x-auth-token': createToken('admin')}
  return {
    own: user('alpha'),
    other: user('beta'),
    admin: user('admin'),
    secrets: ['alpha:alpha:member'],
    act: async (action, id) => {
      await fetch(`${service.url}/v2/images/${id}/actions/${action}`, {method: 'POST', headers})
    },
    close,
  }
}

/** The same users, for tests that call version 2 of the API directly. */
export async function embeddedProjects(): Promise<Projects> {
  const {url, close} = await startService({auth: 'fake', fetchFromAnywhere: true, showLocations: true})
  return {
    url,
    logIn: async project => {
      const token = createToken(project)
      return {api: await openImageApi({url, token, project}), project, token}
    },
    close,
  }
}

/** The embedded service as a target of the commands: over either version of the API, with authentication of its callers or without. */
import {openImageApi} from '../../src/lib/api/open-api.js'
import type {Projects} from '../contract/projects.contract.js'
import type {Facts, SharedTarget, Target, User} from '../contract/target.js'
import {VERSION_1, VERSION_2} from '../contract/target.js'
import {startService, type TestService} from './test-service.js'

interface Embedded<T> {
  readonly name: string
  readonly facts: Facts
  open(): Promise<T>
}

/** Without authentication, every caller is the administrator. */
const OPEN_TO_ALL = {hasVersion1: true, everybodyPublishes: true, isOurs: true}
const TELLS_APART = {hasVersion1: true, everybodyPublishes: false, isOurs: true}

/** A list of version 1 contains only public images for administrators. */
const ONLY_PUBLIC = {notPublicToo: ['is_public=none']}

/** Services without authentication. */
export const OPEN_SERVICES: readonly Embedded<Target>[] = [
  {
    name: 'version 1, embedded',
    facts: {...VERSION_1, ...OPEN_TO_ALL, ...ONLY_PUBLIC},
    open: () => openTarget(1),
  },
  {name: 'version 2, embedded', facts: {...VERSION_2, ...OPEN_TO_ALL}, open: () => openTarget(2)},
]

/** Services that trust the names of their callers. */
export const SHARED_SERVICES: readonly Embedded<SharedTarget>[] = [
  {
    name: 'version 1, embedded, with users',
    facts: {...VERSION_1, ...TELLS_APART, notPublicToo: []},
    open: () => openSharedTarget(1),
  },
  {
    name: 'version 2, embedded, with users',
    facts: {...VERSION_2, ...TELLS_APART},
    open: () => openSharedTarget(2),
  },
]

async function openTarget(version: 1 | 2): Promise<Target> {
  const service = await startService()
  return {
    own: {world: {env: addressVariables(service, version)}, project: undefined},
    secrets: [],
    close: service.close,
  }
}

/** The token by which the service knows a user whose project has the same name. */
export function createToken(name: string): string {
  return `${name}:${name}:${name === 'admin' ? 'admin' : 'member'}`
}

async function openSharedTarget(version: 1 | 2): Promise<SharedTarget> {
  const service = await startService({auth: 'fake'})
  const user = (name: string): User => ({
    world: {
      env: {...addressVariables(service, version), OS_AUTH_TOKEN: createToken(name), OS_PROJECT_ID: name},
    },
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
    close: service.close,
  }
}

function addressVariables({url}: TestService, version: 1 | 2): Readonly<Record<string, string>> {
  return {OS_IMAGE_URL: url, OS_IMAGE_API_VERSION: String(version)}
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

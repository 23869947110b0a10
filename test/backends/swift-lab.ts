/** A real Swift for tests, at the URL in SWIFT_URL, with SWIFT_USER and SWIFT_KEY; without it they are skipped. */
import {randomBytes} from 'node:crypto'
import type {FindValue} from '../../src/server/settings/setting.js'
import {findIn} from '../support/fake-swift.js'

const SERVER = process.env['SWIFT_URL'] ?? ''
const USER = process.env['SWIFT_USER'] ?? 'test:tester'
const KEY = process.env['SWIFT_KEY'] ?? 'testing'

export interface ListedObject {
  readonly name: string
  readonly bytes: number
}

export interface SwiftLab {
  readonly url: string
  /** Settings of a store in the container, as the values of an operator; later ones go before. */
  settings(container: string, ...more: readonly Readonly<Record<string, string>>[]): FindValue
  /** The same settings as environment variables of the service. */
  variables(container: string): Record<string, string>
  /** Creates a container. */
  createContainer(): Promise<string>
  /** Deletes the containers that were created. */
  deleteContainers(): Promise<void>
  list(container: string): Promise<readonly ListedObject[]>
  request(method: string, path: string, init?: RequestInit): Promise<Response>
}

/** Declares tests that are skipped without a server. */
export function describeSwift(title: string, tests: () => void): void {
  if (SERVER === '') describe.skip(title, tests)
  else describe(title, tests)
}

/** Call within `describe`: containers are deleted afterwards. */
export function useSwift(): () => SwiftLab {
  let lab: SwiftLab | undefined
  before(async () => {
    lab = await openLab()
  })
  after(() => lab?.deleteContainers())
  return () => lab!
}

/** Logs in to the Swift. @throws Error when it refuses that */
export async function openLab(): Promise<SwiftLab> {
  const address = `${SERVER}/auth/v1.0`
  const login = await fetch(address, {headers: {'x-auth-user': USER, 'x-auth-key': KEY}})
  if (!login.ok)
    throw new Error(`Swift answered ${login.status} to the login: check SWIFT_USER and SWIFT_KEY`)
  const account = login.headers.get('x-storage-url') ?? ''
  const token = login.headers.get('x-auth-token') ?? ''
  const request = (method: string, path: string, init: RequestInit = {}) =>
    fetch(`${account}/${path}`, {...init, method, headers: {...init.headers, 'x-auth-token': token}})
  const values = (container: string) => ({
    swift_store_auth_version: '1',
    swift_store_auth_address: address,
    swift_store_user: USER,
    swift_store_key: KEY,
    swift_store_container: container,
  })
  const containers: string[] = []
  const list = async (container: string) =>
    (await (await request('GET', `${container}?format=json`)).json()) as readonly ListedObject[]
  return {
    url: SERVER,
    request,
    settings: (container, ...more) => findIn({...values(container), ...Object.assign({}, ...more)}),
    variables: container => ({
      GLANCE_DEFAULT_STORE: 'swift',
      ...Object.fromEntries(
        Object.entries(values(container)).map(([name, value]) => [`GLANCE_${name.toUpperCase()}`, value]),
      ),
    }),
    createContainer: async () => {
      const name = `glance-test-${randomBytes(6).toString('hex')}`
      containers.push(name)
      await request('PUT', name)
      return name
    },
    list,
    deleteContainers: async () => {
      for (const container of containers) {
        for (const {name} of await list(container)) await request('DELETE', `${container}/${name}`)
        await request('DELETE', container)
      }
    },
  }
}

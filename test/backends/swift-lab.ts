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
  /** Creates a container. */
  createContainer(): Promise<string>
  list(container: string): Promise<readonly ListedObject[]>
  request(method: string, path: string, init?: RequestInit): Promise<Response>
}

export const describeSwift = SERVER === '' ? describe.skip : describe

/** Call within `describe`: containers are deleted afterwards. */
export function useSwift(): () => SwiftLab {
  const containers: string[] = []
  let lab: SwiftLab | undefined
  before(async () => {
    lab = await openLab(containers)
  })
  after(async () => {
    for (const container of containers) {
      for (const {name} of (await lab?.list(container)) ?? [])
        await lab?.request('DELETE', `${container}/${name}`)
      await lab?.request('DELETE', container)
    }
  })
  return () => lab!
}

async function openLab(containers: string[]): Promise<SwiftLab> {
  const address = `${SERVER}/auth/v1.0`
  const login = await fetch(address, {headers: {'x-auth-user': USER, 'x-auth-key': KEY}})
  if (!login.ok)
    throw new Error(`Swift answered ${login.status} to the login: check SWIFT_USER and SWIFT_KEY`)
  const account = login.headers.get('x-storage-url') ?? ''
  const token = login.headers.get('x-auth-token') ?? ''
  const request = (method: string, path: string, init: RequestInit = {}) =>
    fetch(`${account}/${path}`, {...init, method, headers: {...init.headers, 'x-auth-token': token}})
  return {
    url: SERVER,
    request,
    settings: (container, ...more) =>
      findIn({
        swift_store_auth_version: '1',
        swift_store_auth_address: address,
        swift_store_user: USER,
        swift_store_key: KEY,
        swift_store_container: container,
        ...Object.assign({}, ...more),
      }),
    createContainer: async () => {
      const name = `glance-test-${randomBytes(6).toString('hex')}`
      containers.push(name)
      await request('PUT', name)
      return name
    },
    list: async container =>
      (await (await request('GET', `${container}?format=json`)).json()) as readonly ListedObject[],
  }
}

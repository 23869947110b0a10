/** The service that recorded exchanges are replayed against, and the values of one run. */
import assert from 'node:assert/strict'
import type {ServerSettings} from '../../src/server/config.js'
import {type ForeignSource, startForeignSource} from '../support/http/foreign-source.js'
import type {RawAnswer} from '../support/http/raw-http.js'
import {startService, type TestService} from '../support/test-service.js'

export interface ServiceUnderTest {
  service: TestService
  /** Serves the data of locations and of copies. */
  source: ForeignSource
}

/** Starts both before the tests of the current suite, and closes them after. */
export function useServiceUnderTest(settings: Partial<ServerSettings>): ServiceUnderTest {
  const stage = {} as ServiceUnderTest
  before(async () => {
    stage.source = await startForeignSource()
    stage.service = await startService({fetchFromAnywhere: true, ...settings})
  })
  after(async () => {
    stage.source.close()
    await stage.service.close()
  })
  return stage
}

export type Fill = (text: string) => string

/** Replaces `#5`, `{HOST}` and `{SOURCE}` by the ids and addresses of this run. */
export function createFill({service, source}: ServiceUnderTest): Fill {
  return text =>
    text
      .replace(/#(\d+)/g, (_, number: string) => toId(number))
      .replaceAll('{HOST}', `127.0.0.1:${service.port}`)
      .replaceAll('{SOURCE}', source.host)
}

/** The id of the image with that number. */
export function toId(number: number | string): string {
  return `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`
}

/** Compares one header; `{UUID}` in it is any that matches the pattern, and `(none)` means that it is absent. */
export function checkHeader({headers}: RawAnswer, header: string, uuid: string): void {
  const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(header) ?? []
  const actual = headers.get(name)
  if (value.includes('{UUID}')) assert.match(actual ?? '', toPattern(value, uuid))
  else assert.equal(actual, value === '(none)' ? undefined : value, name)
}

function toPattern(text: string, uuid: string): RegExp {
  const quoted = text.replace(/[.*+?^$()|[\]\\/]/g, '\\$&')
  return new RegExp(`^${quoted.replaceAll('{UUID}', uuid)}$`)
}

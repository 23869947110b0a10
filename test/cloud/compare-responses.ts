/**
 * Sends the same requests to a fresh embedded service and to a real one without authentication, and prints where they
 * respond differently. `node dist/test/cloud/compare-responses.js [URL of the real one]`; ends with 1 when a difference is new.
 */
import assert from 'node:assert/strict'
import {randomUUID} from 'node:crypto'
import http from 'node:http'
import {isDeepStrictEqual} from 'node:util'
import {startService} from '../support/test-service.js'
import {ACCEPTED} from './accepted-differences.js'
import {type Case, differentialCases} from './response-cases.js'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** The headers that are compared; the others belong to the server, not to the API. */
const HEADERS = ['content-type', 'allow', 'accept-patch', 'content-range', 'content-md5', 'location']

type Fill = (text: string) => string

function send(base: string, given: Case, fill: Fill): Promise<Answer> {
  const {method, path, headers = {}, body} = given
  const data = body === undefined ? undefined : Buffer.from(fill(body))
  const length = data === undefined ? {} : {'content-length': data.length}
  const sent = {accept: 'application/json', 'content-type': 'application/json', ...headers, ...length}
  return new Promise((resolve, reject) => {
    const request = http.request(base + fill(path), {method, headers: sent, agent: false}, async reply => {
      const chunks: Buffer[] = []
      for await (const chunk of reply) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const seen = HEADERS.map(name => [name, normalize(String(reply.headers[name] ?? ''), base)] as const)
      const isJson = reply.headers['content-type']?.startsWith('application/json') === true
      resolve({
        status: reply.statusCode ?? 0,
        headers: Object.fromEntries(seen),
        body: isJson && text !== '' ? shape(JSON.parse(normalize(text, base))) : normalize(text, base),
      })
    })
    request.on('error', reject)
    request.end(data)
  })
}

/** Replaces what always differs between servers: addresses, times, generated ids. */
function normalize(text: string, base: string): string {
  return text
    .replaceAll(base.slice('http://'.length), 'HOST')
    .replace(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?/g, time => (time.startsWith('2020') ? time : 'TIME'))
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, 'UUID')
}

/**
 * Removes what always differs, each for a reason: `stores`, which a service with one store does not show; the dump of
 * the schema after `Failed validating`; the order of tags, which are a set; spaces between words.
 */
function shape(value: unknown): unknown {
  if (typeof value === 'string') {
    const words = value.replace(/\s+Failed validating[\s\S]*$/, '')
    return words
      .replace(/<br \/>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  }
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name]) => name !== 'stores')
  return Object.fromEntries(
    entries.map(([name, of]) => [name, name === 'tags' && Array.isArray(of) ? [...of].sort() : shape(of)]),
  )
}

const numbers = Array.from({length: 10}, () => randomUUID().replace(/-4/, '-1'))

/** The ids of the run are the same at both, so that lists of them can be compared. */
function createFill(owner: string): Fill {
  return text =>
    text.replace(/#(\d)/g, (_, n: string) => numbers[Number(n)] ?? '').replaceAll('{OWNER}', owner)
}

async function main(real: string): Promise<number> {
  const service = await startService()
  const fill = createFill(`diff-${Date.now()}`)
  const cases = differentialCases()
  const found = {same: 0, accepted: 0, different: 0}
  for (const testCase of cases) {
    const ours = await send(service.url, testCase, fill)
    const theirs = await send(real, testCase, fill)
    const reason = ACCEPTED.find(({of}) => of.test(testCase.name))?.why
    if (isDeepStrictEqual(ours, theirs)) found.same += 1
    else if (reason) found.accepted += 1
    else {
      found.different += 1
      console.log([`--- ${testCase.name}`, ...differences(ours, theirs)].join('\n'))
    }
  }
  await service.close()
  await clean(real, fill)
  assert.deepEqual(service.warnings, [])
  console.log(`${cases.length} requests: ${JSON.stringify(found)}`)
  return found.different === 0 ? 0 : 1
}

/** Lists the differences of two values, one line each. */
function* differences(ours: unknown, theirs: unknown, path = ''): Generator<string> {
  if (isDeepStrictEqual(ours, theirs)) return
  const both = [ours, theirs]
  if (both.some(value => typeof value !== 'object' || value === null)) {
    yield `${path}: ${JSON.stringify(ours)} | ${JSON.stringify(theirs)}`
    return
  }
  const [one, other] = both as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    yield* differences(one[name], other[name], `${path}.${name}`)
  }
}

/** Removes the images of the run, which the real service keeps. */
async function clean(real: string, fill: Fill): Promise<void> {
  for (const owner of ['{OWNER}', '{OWNER}-other']) {
    for (const hidden of ['true', 'false']) {
      for (;;) {
        const url = `${real}${fill(`/v2/images?owner=${owner}&visibility=all&os_hidden=${hidden}`)}`
        const {images} = (await (await fetch(url)).json()) as {images: {id: string}[]}
        if (images.length === 0) break
        for (const {id} of images) await remove(`${real}/v2/images/${id}`)
      }
    }
  }
}

async function remove(url: string): Promise<void> {
  const headers = {'content-type': 'application/openstack-images-v2.1-json-patch'}
  const body = '[{"op": "replace", "path": "/protected", "value": false}]'
  await fetch(url, {method: 'PATCH', headers, body})
  await fetch(url, {method: 'DELETE'})
}

process.exitCode = await main(process.argv[2] ?? 'http://127.0.0.1:9393')

/** The wait for a status: what ends it for one image and for several, with a clock that only the test moves. */
import assert from 'node:assert/strict'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import type {ChangeOutcome} from '../../../../src/lib/work/changes/change.js'
import {waitForImages} from '../../../../src/lib/work/changes/wait.js'
import {Consent} from '../../../../src/lib/work/consent.js'
import {NO_PROGRESS} from '../../../../src/lib/work/progress/progress.js'
import {glance} from '../../../support/fake-io.js'
import {serve} from '../../../support/http/serve.js'
import {startService, type TestService} from '../../../support/test-service.js'

type Step = () => Promise<unknown>

/** Waits on this API; each wait between two looks takes no time, and does the next step instead. */
async function collect(
  open: (policy: RetryPolicy) => Promise<ClosableImageApi>,
  images: readonly string[],
  {until = 'active', limit = 1000, steps = []}: {until?: string; limit?: number; steps?: readonly Step[]},
): Promise<{readonly ended: readonly string[]; readonly waits: readonly number[]}> {
  const waits: number[] = []
  const left = [...steps]
  const wait = async (seconds: number) => {
    waits.push(seconds)
    await left.shift()?.()
  }
  const api = await open(new RetryPolicy({wait, retries: 0}))
  const change = waitForImages(images, {until, limit, signal: undefined, progress: NO_PROGRESS})
  const ended: string[] = []
  const consent = new Consent({canAsk: false, ask: async () => false}, false)
  try {
    for await (const outcome of change.perform(api, consent)) ended.push(describeOutcome(outcome))
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    ended.push(`${error.exitCode} ${error.message}: ${error.why}`)
  } finally {
    await api.close()
  }
  assert.equal(left.length, 0, 'the wait ended early')
  return {ended, waits}
}

function describeOutcome(outcome: ChangeOutcome): string {
  if (outcome instanceof Failure) return `${outcome.exitCode} ${outcome.message}: ${outcome.why}`
  return 'note' in outcome ? outcome.note : JSON.stringify(outcome.record)
}

for (const version of [1, 2] as const) {
  describe(`waitForImages, v${version}`, () => {
    let service: TestService
    let keeper: ClosableImageApi
    before(async () => {
      service = await startService()
      keeper = await openImageApi({url: service.url, version})
    })
    after(async () => {
      await keeper.close()
      await service.close()
    })

    const open = (retryPolicy: RetryPolicy) => openImageApi({url: service.url, version, retryPolicy})
    const add = async (name: string) =>
      (await keeper.add({name, diskFormat: 'raw', containerFormat: 'bare', properties: {}})).id
    const upload = (id: string) =>
      fetch(`${service.url}/v2/images/${id}/file`, {
        method: 'PUT',
        body: 'x',
        headers: {'content-type': 'application/octet-stream'},
      })

    it('reports each image as soon as it is active', async () => {
      const [a, b] = [await add('a'), await add('b')]
      const steps = [() => upload(b), () => upload(a)]
      assert.deepEqual((await collect(open, ['a', b], {steps})).ended, [
        `{"id":"${b}","name":"b","status":"active"}`,
        `{"id":"${a}","name":"a","status":"active"}`,
      ])
    })

    it('fails for an image that is deleted meanwhile, and goes on with the others', async () => {
      const [c, d] = [await add('c'), await add('d')]
      const steps = [() => keeper.delete(c), () => upload(d)]
      assert.deepEqual((await collect(open, [c, d, 'unknown'], {steps})).ended, [
        '3 No image with ID unknown was found: no image that you can see has this id or name',
        `7 image ${c} did not become active: it is deleted`,
        `{"id":"${d}","name":"d","status":"active"}`,
      ])
    })

    it('takes an image that is not found for deleted', async () => {
      const e = await add('e')
      const gone = {until: 'deleted', steps: [() => keeper.delete(e)]}
      assert.deepEqual((await collect(open, ['e'], gone)).ended, [
        `{"id":"${e}","name":"e","status":"deleted"}`,
      ])
      assert.deepEqual((await collect(open, ['e', e], {until: 'deleted'})).ended, [
        '{"id":null,"name":"e","status":"deleted"}',
        // Version 1 still shows an image that was deleted.
        `{"id":"${e}","name":${version === 1 ? '"e"' : null},"status":"deleted"}`,
      ])
    })

    it('shows a line of progress on a terminal, and nothing but results elsewhere', async () => {
      const g = await add('g')
      await upload(g)
      const words = ['--url', `${service.url}/v${version}`, 'wait', g]
      const piped = await glance(words)
      assert.deepEqual([piped.code, piped.stdout, piped.stderr], [0, `Image ${g} is active\n`, ''])
      const {stderr} = await glance(words, {terminal: true})
      assert.match(stderr, /\rWaiting for active {2}100% .* 1 of 1 images .*\n$/)
      const events = (await glance(['--progress=json', ...words])).stderr.trimEnd().split('\n')
      assert.match(events.at(-1) ?? '', /^\{"event":"done","name":"Waiting for active","images":1,"total":1,/)
    })

    it('ends at the limit, not after it', async () => {
      const f = await add('f')
      const {ended, waits} = await collect(open, [f], {limit: 600})
      assert.deepEqual(ended, [`6 image ${f} did not become active: it is still queued after 600 seconds`])
      const total = waits.reduce((sum, seconds) => sum + seconds, 0)
      assert.ok(total > 500 && total <= 600.001, String(total))
    })
  })
}

describe('waitForImages', () => {
  const ID = '00000000-0000-4000-8000-000000000001'
  const image = {id: ID, name: 'x', disk_format: 'raw', container_format: 'bare'}

  /** Replies in turn: a status, an image, or 503; null breaks the connection. */
  async function waitThrough(replies: readonly (object | string | number | null)[]) {
    const left = [...replies]
    const server = await serve((_, response) => {
      const reply = left.shift()
      if (reply === null || reply === undefined) return void response.destroy()
      if (typeof reply === 'number') return void response.writeHead(reply).end()
      const more = typeof reply === 'string' ? {status: reply} : reply
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({...image, ...more}))
    })
    const open = (retryPolicy: RetryPolicy) =>
      openImageApi({url: server.url, retryPolicy, known: {major: 2, minor: 9}})
    const {ended} = await collect(open, [ID], {})
    await server.close()
    assert.equal(left.length, 0)
    return ended
  }

  it('goes on after an outage, but not when the first look fails', async () => {
    const ended = await waitThrough(['importing', 503, null, 'importing', 'active'])
    assert.deepEqual(ended, [`{"id":"${ID}","name":"x","status":"active"}`])
    assert.match((await waitThrough([503]))[0] ?? '', /^6 /)
  })

  it('fails for a killed image, and for a failed import', async () => {
    assert.deepEqual(await waitThrough(['saving', 'killed']), [
      `7 image ${ID} did not become active: it is killed`,
    ])
    assert.deepEqual(await waitThrough(['importing', {status: 'queued', os_glance_failed_import: 'file'}]), [
      `7 image ${ID} did not become active: its import into the store file failed`,
    ])
  })
})

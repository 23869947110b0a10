/** Version 2 when requests fail: what happens to an image whose data did not arrive. */
import assert from 'node:assert/strict'
import {once} from 'node:events'
import type http from 'node:http'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {type ClosableImageApi, openImageApi} from '../../../../src/lib/api/open-api.js'
import {rollBack} from '../../../../src/lib/api/upload/rollback.js'
import {imageFrom} from '../../../../src/lib/api/v2/documents.js'
import {ServiceClient} from '../../../../src/lib/api/v2/service-client.js'
import {deleteRecord} from '../../../../src/lib/api/v2/upload/rollback.js'
import {RetryPolicy} from '../../../../src/lib/http/retry/retry-policy.js'
import {createTransport} from '../../../../src/lib/http/send.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {file, pipe} from '../../../support/data.js'
import {failureKind} from '../../../support/failure.js'
import {type Served, serve} from '../../../support/http/serve.js'

const ID = 'f9cec318-413d-4ca1-941e-d11d7b73edda'
const MADE = {id: ID, status: 'queued', visibility: 'shared', size: null, checksum: null}
const DRAFT = {diskFormat: 'raw', containerFormat: 'bare', properties: {}}

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void

const json =
  (body: unknown, status = 200): Answer =>
  (request, response) => {
    request.resume()
    response.writeHead(status, {'content-type': 'application/json'})
    response.end(JSON.stringify(body))
  }

/** Responds in turn, and repeats the last response. */
const inTurn = (...answers: Answer[]): Answer => {
  let at = 0
  return (request, response) => answers[Math.min(at++, answers.length - 1)]?.(request, response)
}

const respondEmpty =
  (status: number): Answer =>
  (request, response) => {
    request.resume()
    request.on('end', () => response.writeHead(status).end())
  }

/** Reads the document of a new image, records its id, and hangs up. */
const hangUpOnCreate =
  (ids: string[]): Answer =>
  async request => {
    ids.push((JSON.parse(String(await buffer(request))) as {id: string}).id)
    request.socket.destroy()
  }

const portal: Answer = (request, response) => {
  request.resume()
  response.writeHead(201, {'content-type': 'text/html'}).end('<p>Welcome</p>')
}

async function* generateEndlessly(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.alloc(65_536)
}

const withoutEnd = {repeatable: false, open: () => Readable.from(generateEndlessly())}

describe('version 2 when requests fail', () => {
  let server: Served
  let api: ClosableImageApi
  let answers: Record<string, Answer>
  let fallback: Answer
  let asked: string[]
  let interrupt: AbortController

  beforeEach(async () => {
    asked = []
    fallback = respondEmpty(404)
    answers = {
      'POST /v2/images': json(MADE, 201),
      [`DELETE /v2/images/${ID}`]: respondEmpty(204),
      [`GET /v2/images/${ID}`]: json({...MADE, status: 'active', size: 3}),
      [`PUT /v2/images/${ID}/file`]: respondEmpty(204),
    }
    server = await serve((request, response) => {
      const key = `${request.method} ${request.url}`
      asked.push(key.replace(ID, 'ID'))
      ;(answers[key] ?? fallback)(request, response)
    })
    interrupt = new AbortController()
    const {signal} = interrupt
    api = await openImageApi({
      url: server.url,
      version: 2,
      token: 'geheim',
      timeoutSeconds: 5,
      retryPolicy: new RetryPolicy({retries: 0, wait: async () => interrupt.signal.throwIfAborted()}),
      signal,
    })
  })
  afterEach(async () => {
    await api.close()
    await server.close()
  })

  it('receives an early refusal of endless data, and deletes the image', async () => {
    answers[`PUT /v2/images/${ID}/file`] = (_request, response) => {
      response.writeHead(413, {'content-type': 'text/plain', connection: 'close'})
      response.end('the store is full')
    }
    await assert.rejects(api.add(DRAFT, withoutEnd), failureKind('failed', /^the store is full$/))
    assert.deepEqual(asked.at(-1), 'DELETE /v2/images/ID')
  })

  it('deletes the image when the service hangs up on the data', async () => {
    answers[`PUT /v2/images/${ID}/file`] = request => void request.once('data', () => request.destroy())
    await assert.rejects(api.add(DRAFT, withoutEnd), failureKind('unavailable'))
    assert.deepEqual(asked, ['POST /v2/images', 'PUT /v2/images/ID/file', 'DELETE /v2/images/ID'])
  })

  it('continues when only the response to the new record was lost', async () => {
    const ids: string[] = []
    answers['POST /v2/images'] = inTurn(hangUpOnCreate(ids), json({message: 'Duplicate image id'}, 409))
    const known = answers[`GET /v2/images/${ID}`]
    fallback = (request, response) => {
      assert.equal(request.url, `/v2/images/${ids[0]}`)
      known?.(request, response)
    }
    const retryPolicy = new RetryPolicy({retries: 1, wait: async () => {}})
    const retrying = await openImageApi({url: server.url, version: 2, retryPolicy})
    assert.equal((await retrying.add(DRAFT, file('abc'))).status, 'active')
    await retrying.close()
    assert.match(ids[0] ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.ok(!asked.some(request => request.startsWith('DELETE')))
  })

  it('asks once more for a document that breaks off', async () => {
    const breakOff: Answer = (request, response) => {
      request.resume()
      response.writeHead(200, {'content-length': 1000})
      response.write('{', () => response.destroy())
    }
    answers['POST /v2/images'] = inTurn(breakOff, json(MADE, 201))
    answers[`GET /v2/images/${ID}`] = inTurn(breakOff, json({...MADE, status: 'active', size: 3}))
    assert.equal((await api.add(DRAFT, file('abc'))).status, 'active')
    const show = 'GET /v2/images/ID'
    assert.deepEqual(asked, ['POST /v2/images', 'POST /v2/images', 'PUT /v2/images/ID/file', show, show])
  })

  it('deletes a record whose creation was never answered', async () => {
    const ids: string[] = []
    answers['POST /v2/images'] = hangUpOnCreate(ids)
    fallback = respondEmpty(204)
    await assert.rejects(api.add({...DRAFT, protected: true}, file('abc')), (thrown: Failure) => {
      assert.equal(thrown.kind, 'unavailable')
      assert.equal(thrown.advice, `Its image record, ${ids[0]}, was deleted.`)
      return true
    })
    assert.equal(ids.length, 1)
    assert.deepEqual(asked.slice(-2), [`PATCH /v2/images/${ids[0]}`, `DELETE /v2/images/${ids[0]}`])
  })

  it('deletes a record without data whose creation was not answered readably', async () => {
    for (const answer of [hangUpOnCreate([]), json('portal', 201), portal]) {
      answers['POST /v2/images'] = answer
      fallback = respondEmpty(204)
      await assert.rejects(api.add(DRAFT), (thrown: Failure) => {
        assert.match(thrown.advice ?? '', /Its image record, [-0-9a-f]{36}, was deleted\.$/)
        return true
      })
      assert.match(asked.at(-1) ?? '', /^DELETE /)
    }
  })

  it('deletes a record without data that was created while the user interrupted', async () => {
    answers['POST /v2/images'] = (request, response) => {
      interrupt.abort(new Failure('interrupted', 'interrupted by SIGINT'))
      json(MADE, 201)(request, response)
    }
    await assert.rejects(api.add(DRAFT), {
      kind: 'interrupted',
      advice: `Its image record, ${ID}, was deleted.`,
    })
    assert.equal(asked.at(-1), 'DELETE /v2/images/ID')
  })

  it('keeps a record whose creation was never answered when the user chose its id', async () => {
    answers['POST /v2/images'] = hangUpOnCreate([])
    await assert.rejects(api.add({...DRAFT, id: ID}, file('abc')), {
      kind: 'unavailable',
      advice: `Its record may exist. Look for it with: glance show ${ID}`,
    })
    assert.deepEqual(asked, ['POST /v2/images'])
  })

  it('deletes the image when the user interrupts, and says so', async () => {
    answers[`PUT /v2/images/${ID}/file`] = request => {
      request.once('data', () => interrupt.abort(new Failure('interrupted', 'interrupted by SIGINT')))
    }
    await assert.rejects(api.add(DRAFT, withoutEnd), {
      kind: 'interrupted',
      message: 'interrupted by SIGINT',
      advice: `Its image record, ${ID}, was deleted.`,
    })
    assert.deepEqual(asked.at(-1), 'DELETE /v2/images/ID')
  })

  it('waits for a limited time only while it deletes', async () => {
    answers[`DELETE /v2/images/${ID}`] = () => {}
    const transport = createTransport()
    const wire = new ServiceClient(server.url, transport.send)
    const image = imageFrom(MADE, server.url)
    const steps = {rollBack: (_: string, signal: AbortSignal) => deleteRecord(wire, image, signal)}
    const error = await rollBack(steps, ID, new Failure('failed', 'no', {advice: 'Try.'}), 100)
    assert.ok(error instanceof Failure)
    assert.equal(
      error.advice,
      `Try. Its image record may remain. If it does, delete it with: glance delete ${ID}`,
    )
    await transport.close()
  })

  for (const status of [404, 500, 503]) {
    it(`keeps stored data when the final check fails with ${status}`, async () => {
      answers[`GET /v2/images/${ID}`] = respondEmpty(status)
      await assert.rejects(api.add(DRAFT, file('abc')), {
        kind: 'unavailable',
        message: `the data of image ${ID} is stored, but could not be verified`,
        advice: `Image ${ID} has its data, and is kept. Look at it with: glance show ${ID}`,
      })
      assert.equal((await api.add(DRAFT, file('abc'), {verify: false})).status, 'active')
      assert.equal(asked.includes('DELETE /v2/images/ID'), false)
    })
  }

  it('deletes an image whose data differs from what was sent', async () => {
    answers[`GET /v2/images/${ID}`] = json({...MADE, status: 'active', size: 4})
    await assert.rejects(api.add(DRAFT, file('abc')), failureKind('unverified'))
    assert.equal(asked.at(-1), 'DELETE /v2/images/ID')
  })

  describe('sends data to a store', () => {
    let stores: unknown[]
    beforeEach(() => {
      stores = []
      answers['GET /v2/info/stores'] = json({stores: [{id: 'fast', default: 'true'}, {id: 'slow'}]})
      answers[`PUT /v2/images/${ID}/file`] = (request, response) => {
        stores.push(request.headers['x-image-meta-store'])
        respondEmpty(204)(request, response)
      }
    })

    it('that exists', async () => {
      await api.add({...DRAFT, store: 'slow'}, file('abc'))
      await api.add(DRAFT, file('abc'))
      assert.deepEqual(stores, ['slow', undefined])
    })

    it('and refuses an unknown one', async () => {
      const add = () => api.add({...DRAFT, store: 'deep'}, file('abc'))
      await assert.rejects(add(), failureKind('failed', /^the service has fast, slow$/))
      answers['GET /v2/info/stores'] = respondEmpty(404)
      await assert.rejects(add(), failureKind('failed', /no stores to choose from/))
      await assert.rejects(
        api.add({...DRAFT, store: 'slow'}),
        failureKind('usage', /requires data to upload/),
      )
      assert.equal(asked.includes('POST /v2/images'), false)
    })
  })

  describe('copies from a URL', () => {
    let source: Served
    let headers: http.IncomingHttpHeaders[]
    const urls: Record<string, Answer> = {
      '/image': (_request, response) => response.writeHead(200, {'content-length': 3}).end('abc'),
      '/chunked': (_request, response) => void response.write('ab', () => response.end('c')),
      '/moved': (_request, response) => response.writeHead(302, {location: '/image'}).end(),
      '/elsewhere': (request, response) => {
        const location = `http://localhost:${request.socket.localPort}/image`
        response.writeHead(307, {location}).end()
      },
      '/empty': (_request, response) => response.writeHead(200, {'content-length': 0}).end(),
      '/empty-chunked': (_request, response) => {
        response.writeHead(200).flushHeaders()
        response.end()
      },
      '/packed': (_request, response) => response.writeHead(200, {'content-encoding': 'gzip'}).end('abc'),
      '/round': (_request, response) => response.writeHead(302, {location: '/round'}).end(),
      '/away': (_request, response) => response.writeHead(301, {location: 'file:///etc/passwd'}).end(),
      '/short': (_request, response) => {
        response.writeHead(200, {'content-length': 300})
        response.write('abc'.repeat(50), () => response.destroy())
      },
    }

    beforeEach(async () => {
      headers = []
      source = await serve((request, response) => {
        headers.push(request.headers)
        const answer = urls[request.url ?? ''] ?? respondEmpty(404)
        answer(request, response)
      })
    })
    afterEach(() => source.close())

    for (const path of ['/image', '/chunked', '/moved']) {
      it(`that responds with ${path.slice(1)}, without our token`, async () => {
        assert.equal((await api.add({...DRAFT, copyFrom: source.url + path})).status, 'active')
        assert.ok(headers.length > 0)
        for (const sent of headers) assert.equal(sent['x-auth-token'], undefined)
      })
    }

    it('with a user and a password for that server alone', async () => {
      const {host} = new URL(source.url)
      await api.add({...DRAFT, copyFrom: `http://me:g%20m@${host}/moved`})
      assert.equal(headers[0]?.authorization, 'Basic bWU6ZyBt')
      assert.equal(headers[1]?.authorization, 'Basic bWU6ZyBt')
      await api.add({...DRAFT, copyFrom: `http://u:100%@${host}/image`})
      assert.equal(headers.pop()?.authorization, `Basic ${btoa('u:100%')}`)
      await api.add({...DRAFT, copyFrom: `http://me:g%20m@${host}/elsewhere`})
      assert.deepEqual(
        headers.slice(2).map(sent => sent.authorization),
        ['Basic bWU6ZyBt', undefined],
      )
    })

    for (const [path, why] of [
      ['/nothing', /^its server answered 404$/],
      ['/round', /redirects too often/],
      ['/away', /redirects to file:$/],
    ] as const) {
      it(`${path} leaves no trace`, async () => {
        const copying = api.add({...DRAFT, copyFrom: source.url + path})
        await assert.rejects(copying, failureKind('failed', why))
        assert.deepEqual(asked, [])
      })
    }

    it('that breaks off adds no image', async () => {
      const copying = api.add({...DRAFT, copyFrom: `${source.url}/short`})
      await assert.rejects(copying, (thrown: Failure) => {
        assert.deepEqual(
          [thrown.kind, thrown.message],
          ['unavailable', `cannot copy from ${source.url}/short`],
        )
        assert.match(thrown.why ?? '', /^its data ended early: /)
        assert.equal(thrown.advice, `Its image record, ${ID}, was deleted.`)
        return true
      })
      assert.equal(asked.at(-1), 'DELETE /v2/images/ID')
    })

    it('that is empty adds an image only with size=0', async () => {
      for (const path of ['/empty', '/empty-chunked']) {
        const draft = {...DRAFT, copyFrom: source.url + path}
        await assert.rejects(api.add(draft), failureKind('failed', /its data is empty/))
        assert.deepEqual(asked, [])
        await api.add(draft, undefined, {allowEmpty: true, verify: false})
        asked = []
      }
    })

    it('that is compressed despite the request headers is refused', async () => {
      const copying = api.add({...DRAFT, copyFrom: `${source.url}/packed`})
      await assert.rejects(copying, failureKind('failed', /encodes the data \(gzip\)/))
      assert.deepEqual(asked, [])
      assert.equal(headers[0]?.['accept-encoding'], 'identity')
    })

    it('that does not exist gives an error that does not mention the Image service', async () => {
      await source.close()
      await assert.rejects(
        api.add({...DRAFT, copyFrom: `${source.url}/image?sig=geheim`}),
        (thrown: Failure) => {
          assert.deepEqual(
            [thrown.kind, thrown.message, thrown.why, thrown.advice],
            ['unavailable', `cannot copy from ${source.url}/image?sig=***`, 'connection refused', undefined],
          )
          return true
        },
      )
    })
  })

  describe('lets the service import', () => {
    const draft = {...DRAFT, copyFrom: 'http://127.0.0.1:1/image'}
    const importing = {serverImport: true}
    beforeEach(() => {
      answers['GET /v2/info/import'] = json({
        'import-methods': {type: 'array', value: ['glance-direct', 'web-download']},
      })
      answers[`POST /v2/images/${ID}/import`] = respondEmpty(202)
    })

    it('and waits for its end, reporting the states', async () => {
      const state = (status: string) => json({...MADE, status})
      answers[`GET /v2/images/${ID}`] = inTurn(
        state('queued'),
        state('importing'),
        state('importing'),
        json({...MADE, status: 'active', size: 3}),
      )
      const steps: string[] = []
      const image = await api.add({...draft, size: 3}, undefined, {
        ...importing,
        onStep: text => steps.push(text),
      })
      assert.equal(image.status, 'active')
      assert.deepEqual(steps, ['the service fetches http://127.0.0.1:1/image', `image ${ID} is importing`])
    })

    it('and reports why its task failed', async () => {
      answers[`GET /v2/images/${ID}`] = json({...MADE, os_glance_failed_import: 'fast'})
      answers[`GET /v2/images/${ID}/tasks`] = json({
        tasks: [
          {status: 'success', created_at: '2026-11-21T08:36:52', message: 'Copied 0 MiB'},
          {
            status: 'failure',
            created_at: '2026-11-21T08:36:53',
            message: 'Task failed due to Internal Error',
          },
        ],
      })
      await assert.rejects(api.add(draft, undefined, importing), failureKind('failed', /^Task failed due/))
      assert.equal(asked.at(-1), 'DELETE /v2/images/ID')
    })

    it('and reports which store failed when there are no tasks', async () => {
      answers[`GET /v2/images/${ID}`] = json({...MADE, os_glance_failed_import: 'fast'})
      const adding = api.add(draft, undefined, importing)
      await assert.rejects(adding, failureKind('failed', /^the import into the store fast failed$/))
    })

    it('and reads the tasks when there is no progress', async () => {
      answers[`GET /v2/images/${ID}`] = json(MADE)
      answers[`GET /v2/images/${ID}/tasks`] = json({tasks: [{status: 'failure', message: ''}]})
      const adding = api.add(draft, undefined, importing)
      await assert.rejects(adding, failureKind('failed', /^its task failed without a reason$/))
    })

    it('only if it offers that, checked before an image is created', async () => {
      answers['GET /v2/info/import'] = json({'import-methods': {value: ['glance-direct']}})
      const adding = api.add(draft, undefined, importing)
      await assert.rejects(adding, failureKind('failed', /web-download is off: it has only glance-direct/))
      answers['GET /v2/info/import'] = respondEmpty(404)
      await assert.rejects(api.add(draft, undefined, importing), failureKind('failed', /no import/))
      assert.deepEqual(asked, ['GET /v2/info/import', 'GET /v2/info/import'])
    })

    it('although the service is unavailable meanwhile', async () => {
      const state = (status: string) => json({...MADE, status})
      const outage = Array(6).fill(respondEmpty(503))
      const stored = json({...MADE, status: 'active', size: 3})
      answers[`GET /v2/images/${ID}`] = inTurn(state('importing'), ...outage, state('importing'), stored)
      assert.equal((await api.add(draft, undefined, importing)).status, 'active')
      assert.equal(asked.filter(request => request === 'GET /v2/images/ID').length, 10)
    })

    it('and keeps the image when the request has no reply', async () => {
      answers[`POST /v2/images/${ID}/import`] = request => void request.socket.destroy()
      await assert.rejects(api.add(draft, undefined, importing), {kind: 'unavailable', code: 'in-progress'})
      assert.equal(asked.includes('DELETE /v2/images/ID'), false)
    })

    it('for a limited time if requested, and keeps the image', async () => {
      answers[`GET /v2/images/${ID}`] = json({...MADE, status: 'importing'})
      await assert.rejects(api.add(draft, undefined, {...importing, importTimeout: 60}), {
        kind: 'unavailable',
        why: 'it has not finished within 60 seconds',
        code: 'in-progress',
        advice: `The service may still fetch the data, so the image is kept. Look at it later with: glance show ${ID}`,
      })
      assert.equal(asked.includes('DELETE /v2/images/ID'), false)
    })

    it('until the user interrupts', async () => {
      answers[`GET /v2/images/${ID}`] = (request, response) => {
        json({...MADE, status: 'importing'})(request, response)
        interrupt.abort(new Failure('interrupted', 'interrupted by SIGINT'))
      }
      await assert.rejects(api.add(draft, undefined, importing), {
        kind: 'interrupted',
        advice: `The service may still fetch the data, so the image is kept. Look at it later with: glance show ${ID}`,
      })
      assert.equal(
        asked.some(request => request.startsWith('DELETE')),
        false,
      )
    })
  })

  describe('registers a location', () => {
    const draft = {...DRAFT, location: 'http://127.0.0.1:1/image'}

    it('with the call of version 2.17, and waits until it is in effect', async () => {
      answers[`POST /v2/images/${ID}/locations`] = respondEmpty(202)
      answers[`GET /v2/images/${ID}`] = inTurn(json(MADE), json({...MADE, status: 'active', size: 3}))
      assert.equal((await api.add(draft)).status, 'active')
      assert.ok(!asked.includes('PATCH /v2/images/ID'))
    })

    it('with a patch when that call is missing', async () => {
      let patch = ''
      answers[`PATCH /v2/images/${ID}`] = async (request, response) => {
        for await (const chunk of request) patch += chunk
        json({...MADE, status: 'active'})(request, response)
      }
      await api.add(draft)
      assert.equal(
        patch,
        '[{"op":"add","path":"/locations/-","value":{"url":"http://127.0.0.1:1/image","metadata":{}}}]',
      )
    })

    it('or says why it cannot, and what to do instead', async () => {
      const message = "It's not allowed to add locations if locations are invisible.<br /><br />\n\n\n"
      answers[`PATCH /v2/images/${ID}`] = json({message, code: '403 Forbidden', title: 'Forbidden'}, 403)
      await assert.rejects(api.add(draft), (thrown: Failure) => {
        assert.deepEqual(
          [thrown.kind, thrown.why],
          ['denied', "It's not allowed to add locations if locations are invisible."],
        )
        assert.match(thrown.advice ?? '', /^Use copy_from=URL to copy the data instead.* was deleted\.$/)
        return true
      })
    })
  })

  it('abandons a download half-way without harm', async () => {
    answers[`GET /v2/images/${ID}/file`] = (_request, response) => {
      response.writeHead(200, {'content-length': 1_000_000})
      response.write(Buffer.alloc(100_000))
    }
    const {data} = await api.download(ID)
    await once(data, 'readable')
    data.destroy()
    assert.equal((await api.show(ID)).status, 'active')
  })

  for (const [what, status, range] of [
    ['another part', 206, 'bytes 4-9/10'],
    ['a part of another image', 206, 'bytes 5-9/11'],
    ['a part without Content-Range', 206, ''],
    ['no part', 416, ''],
    ['an error for a range', 400, ''],
  ] as const) {
    it(`downloads the whole when the service sends ${what}`, async () => {
      answers[`GET /v2/images/${ID}`] = json({...MADE, status: 'active', size: 10})
      answers[`GET /v2/images/${ID}/file`] = (request, response) => {
        if (request.headers.range === undefined) return void response.end('0123456789')
        response.writeHead(status, {'content-range': range}).end('56789')
      }
      const {data, from} = await api.download(ID, {range: {first: 5}})
      assert.deepEqual([from, String(await buffer(data))], [undefined, '0123456789'])
    })
  }

  it('downloads a part of an image of unknown length', async () => {
    answers[`GET /v2/images/${ID}`] = json({...MADE, status: 'active', size: null})
    answers[`GET /v2/images/${ID}/file`] = (_request, response) => {
      response.writeHead(206, {'content-range': 'bytes 5-9/*'}).end('56789')
    }
    const {data, from} = await api.download(ID, {range: {first: 5}})
    assert.deepEqual([from, String(await buffer(data))], [5, '56789'])
  })

  it('reports a download that breaks off', async () => {
    answers[`GET /v2/images/${ID}/file`] = (_request, response) => {
      response.writeHead(200, {'content-length': 1_000_000})
      response.write(Buffer.alloc(100_000), () => response.destroy())
    }
    const {data} = await api.download(ID)
    await assert.rejects(data.toArray(), failureKind('unavailable'))
  })

  it('reports the error of a service that compares sizes itself', async () => {
    answers[`PUT /v2/images/${ID}/file`] = json({message: 'Image size mismatch: expected 3, got 2'}, 400)
    await assert.rejects(api.add(DRAFT, file('abc')), failureKind('unverified'))
  })

  it('recognizes an image without data on servers that respond with 404', async () => {
    answers[`GET /v2/images/${ID}/file`] = json({message: 'No image data could be found'}, 404)
    await assert.rejects(api.download(ID), failureKind('conflict'))
  })

  it('counts data of a pipe without an announced size', async () => {
    answers[`GET /v2/images/${ID}`] = json({...MADE, status: 'active', size: 2})
    await assert.rejects(
      api.add(DRAFT, pipe('a', 'bc')),
      failureKind('unverified', /^the service stored 2 bytes, expected 3$/),
    )
  })
})

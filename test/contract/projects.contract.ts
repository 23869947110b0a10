/** The contract of version 2 of the API with any service that distinguishes three projects: imports, locations, rights. */
import assert from 'node:assert/strict'
import {PassThrough} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {type ClosableImageApi, openImageApi} from '../../src/lib/api/open-api.js'
import type {Draft} from '../../src/lib/model/draft.js'
import {Failure} from '../../src/lib/model/errors.js'
import {toFilters} from '../../src/lib/model/filters.js'
import {pipe} from '../support/data.js'
import {failure, failureKind} from '../support/failure.js'
import {type Served, serve} from '../support/http/serve.js'

const HELLO_MD5 = '5eb63bbbe01eeed093cb22bb8f5acdc3'

export interface Caller {
  readonly api: ClosableImageApi
  readonly project: string
  readonly token: string
}

/** Where services differ. */
export interface ImportFacts {
  /** The message of an import whose source responds with 404. */
  readonly importFailure: RegExp
  /** A source that imports must not read; undefined if every source is allowed. */
  readonly forbiddenSource?: string
}

/** A service whose users have projects of their names. It imports from this machine. */
export interface Projects {
  readonly url: string
  logIn(name: 'alpha' | 'beta' | 'admin'): Promise<Caller>
  close(): Promise<void>
}

/** @param open reaches the service; others may use it at the same time */
export function projectsContract(service: string, facts: ImportFacts, open: () => Promise<Projects>): void {
  describe(`three projects: ${service}`, () => {
    let projects: Projects
    let alpha: Caller
    let beta: Caller
    let admin: Caller
    let source: Served
    let asked: string[] = []

    before(async () => {
      projects = await open()
      const logIn = (name: 'alpha' | 'beta' | 'admin') => projects.logIn(name)
      ;[alpha, beta, admin] = await Promise.all([logIn('alpha'), logIn('beta'), logIn('admin')])
      source = await serve((request, response) => {
        asked.push(request.url ?? '')
        const findNames = request.url === '/hello'
        response.writeHead(findNames ? 200 : 404, {'content-length': findNames ? 11 : 0})
        response.end(findNames && request.method === 'GET' ? 'hello world' : '')
      })
    })
    after(async () => {
      for (const {api} of [alpha, beta, admin]) await api?.close()
      await source?.close()
      await projects?.close()
    })

    let made: string[] = []
    afterEach(async () => {
      for (const id of made) {
        await alpha.api.update(id, {protected: false, properties: {}})
        await alpha.api.delete(id)
      }
      made = []
      asked = []
    })

    const draft = (given: Partial<Draft> = {}): Draft => ({
      name: 'of a test',
      diskFormat: 'raw',
      containerFormat: 'bare',
      properties: {},
      ...given,
    })

    async function addImage(...words: Parameters<Caller['api']['add']>): Promise<string> {
      const {id} = await alpha.api.add(...words)
      made.push(id)
      return id
    }

    async function countByName(name: string): Promise<number> {
      return (await alpha.api.index({name})).images.length
    }

    it('is the API of the service', () => assert.equal(alpha.api.version, 2))

    describe('data from a URL', () => {
      it('is copied through the client', async () => {
        const id = await addImage(draft({copyFrom: `${source.url}/hello`, checksum: HELLO_MD5}))
        assert.equal((await buffer((await alpha.api.download(id)).data)).toString(), 'hello world')
      })

      it('is imported by the service, and the client waits', async () => {
        const steps: string[] = []
        const given = draft({copyFrom: `${source.url}/hello`, size: 11, checksum: HELLO_MD5})
        const id = await addImage(given, undefined, {serverImport: true, onStep: text => steps.push(text)})
        assert.equal((await alpha.api.show(id)).status, 'active')
        assert.equal(steps[0], `the service fetches ${source.url}/hello`)
        assert.deepEqual(asked, ['/hello'])
      })

      it('that does not exist leaves nothing, and the error says why', async () => {
        const given = draft({name: 'never there', copyFrom: `${source.url}/nothing`})
        await assert.rejects(alpha.api.add(given), failureKind('failed', /answered 404/))
        const importing = alpha.api.add(given, undefined, {serverImport: true})
        await assert.rejects(importing, failureKind('failed', facts.importFailure))
        assert.equal(await countByName('never there'), 0)
      })

      const {forbiddenSource} = facts
      if (forbiddenSource !== undefined) {
        it('that imports must not read is refused at once', async () => {
          const importing = alpha.api.add(draft({copyFrom: forbiddenSource}), undefined, {serverImport: true})
          await assert.rejects(importing, failureKind('failed', /does not pass filtering/))
        })
      }

      it('is registered as a location', async () => {
        const id = await addImage(draft({location: `${source.url}/hello`, size: 11}))
        const {status, size, location} = await alpha.api.show(id)
        assert.deepEqual([status, size, location], ['active', 11, `${source.url}/hello`])
      })

      it('is not registered when the server is unreachable', async () => {
        const adding = alpha.api.add(draft({name: 'never there', location: `${source.url}/nothing`}))
        await assert.rejects(adding, failureKind('failed', /cannot or must not read that URL/))
        assert.equal(await countByName('never there'), 0)
      })
    })

    it('deletes an image that differs from the announcement, even if it is protected', async () => {
      const given = draft({name: 'wrong', protected: true, checksum: '0'.repeat(32)})
      await assert.rejects(
        alpha.api.add(given, pipe('abc')),
        failureKind('unverified', /its checksum is 900150983c/),
      )
      assert.equal(await countByName('wrong'), 0)
    })

    it('leaves nothing when the user interrupts an upload', async () => {
      const interrupt = new AbortController()
      const {token} = alpha
      const api = await openImageApi({url: projects.url, version: 2, token, signal: interrupt.signal})
      const data = new PassThrough()
      data.write(Buffer.alloc(1_000_000))
      const adding = api.add(draft({name: 'interrupted'}), {repeatable: false, open: () => data})
      adding.catch(() => {})
      while ((await countByName('interrupted')) === 0);
      interrupt.abort(new Failure('interrupted', 'interrupted by SIGINT'))
      await assert.rejects(adding, (thrown: Failure) => {
        assert.equal(thrown.kind, 'interrupted')
        assert.match(thrown.advice ?? '', /was deleted\.$/)
        return true
      })
      assert.equal(await countByName('interrupted'), 0)
      await api.close()
    })

    it('keeps rights that others set, and says so', async () => {
      await assert.rejects(alpha.api.add(draft({isPublic: true})), (error: Failure) => {
        assert.deepEqual([error.kind, error.status], ['denied', 403])
        assert.match(error.advice ?? '', /visibility=community/)
        return true
      })
      await assert.rejects(alpha.api.add(draft({owner: beta.project})), failureKind('denied'))
      const id = await addImage(draft({visibility: 'community'}), pipe('abc'))
      await assert.rejects(
        beta.api.update(id, {name: 'mine', properties: {}}),
        failureKind('denied', /do not own/),
      )
      await assert.rejects(beta.api.delete(id), failureKind('denied', /do not own/))
      await alpha.api.update(id, {protected: true, properties: {}})
      await assert.rejects(admin.api.delete(id), failureKind('conflict', /is protected/))
    })

    it('does not change formats once there is data', async () => {
      const id = await addImage(draft(), pipe('abc'))
      const changing = alpha.api.update(id, {diskFormat: 'qcow2', properties: {}})
      await assert.rejects(changing, failureKind('conflict', /only replaced for a queued image/))
    })

    it('refuses an invalid token', async () => {
      const api = await openImageApi({url: projects.url, token: 'nonsense'})
      await assert.rejects(api.index({}), failure('denied', 'cannot list the images', 'not authenticated'))
      await assert.rejects(api.add(draft(), pipe('abc')), failureKind('denied'))
      await api.close()
    })

    describe('sharing', () => {
      it('is granted by alpha to beta and revoked', async () => {
        const id = await addImage(draft({isPublic: false}), pipe('abc'))
        await assert.rejects(beta.api.show(id), failureKind('not-found'))
        await alpha.api.addMember(id, {memberId: beta.project, canShare: false})
        const pending = [{memberId: beta.project, canShare: false, status: 'pending'}]
        assert.deepEqual(await alpha.api.members(id), pending)
        assert.equal((await buffer((await beta.api.download(id)).data)).toString(), 'abc')
        const accepting = alpha.api.setMemberStatus(id, beta.project, 'accepted')
        await assert.rejects(accepting, failureKind('denied'))
        assert.deepEqual(await listIds(beta, id), [])
        await beta.api.setMemberStatus(id, beta.project, 'accepted')
        assert.deepEqual(await listIds(beta, id), [id])
        await alpha.api.removeMember(id, beta.project)
        await assert.rejects(beta.api.show(id), failureKind('not-found'))
      })

      it('requires a shared image, and says which one is not', async () => {
        const id = await addImage(draft({visibility: 'private'}))
        const member = {memberId: beta.project, canShare: false}
        await assert.rejects(alpha.api.addMember(id, member), (error: Failure) => {
          assert.deepEqual([error.kind, error.code], ['conflict', 'not-shared'])
          return true
        })
        assert.deepEqual(await alpha.api.members(id), [])
        await alpha.api.update(id, {visibility: 'shared', properties: {}})
        await alpha.api.addMember(id, member)
        await alpha.api.addMember(id, member)
      })

      it('is visible to the member, the owner and an administrator', async () => {
        const id = await addImage(draft({isPublic: false}))
        const hidden = await addImage(draft({isPublic: false, osHidden: true}))
        for (const one of [id, hidden])
          await alpha.api.addMember(one, {memberId: beta.project, canShare: false})
        for (const {api} of [alpha, beta, admin]) {
          const images = (await api.memberImages(beta.project)).map(({imageId}) => imageId)
          assert.ok(images.includes(id) && images.includes(hidden))
        }
      })

      it('is replaced without touching the members that stay', async () => {
        const id = await addImage(draft({isPublic: false}))
        for (const memberId of ['gone', beta.project])
          await alpha.api.addMember(id, {memberId, canShare: false})
        await beta.api.setMemberStatus(id, beta.project, 'accepted')
        const steps: string[] = []
        const members = [beta.project, 'new'].map(memberId => ({memberId, canShare: false}))
        await alpha.api.replaceMembers(id, members, text => steps.push(text))
        assert.deepEqual(steps, [`added new to image ${id}`, `removed gone from image ${id}`])
        const statuses = new Map(
          (await alpha.api.members(id)).map(({memberId, status}) => [memberId, status]),
        )
        assert.deepEqual(
          [statuses.size, statuses.get(beta.project), statuses.get('new')],
          [2, 'accepted', 'pending'],
        )
      })

      async function listIds({api}: Caller, id: string): Promise<string[]> {
        const {images} = await api.index({id})
        return images.map(image => image.id)
      }
    })

    it('lists one project, and hidden images only when asked', async () => {
      const id = await addImage(
        draft({
          name: `hidden one ${process.pid}`,
          osHidden: true,
          tags: ['a', 'b'],
          properties: {limit: 'x'},
        }),
      )
      const found = async (fields: Record<string, string>, properties: Record<string, string> = {}) =>
        (await admin.api.details({...toFilters(fields), properties})).images.map(image => image.id)
      const hidden = {os_hidden: 'true', owner: alpha.project, name: `hidden one ${process.pid}`}
      assert.deepEqual(await found({name: `hidden one ${process.pid}`}), [])
      assert.deepEqual(await found({...hidden, tag: 'a,b'}), [id])
      assert.deepEqual(await found({...hidden, tag: 'a,c'}), [])
      assert.deepEqual(await found({...hidden, is_public: 'false', id}, {limit: 'x'}), [id])
      assert.deepEqual(await found({...hidden, id}, {limit: 'y'}), [])
      assert.deepEqual(await found({...hidden, 'changes-since': '2026-01-01'}), [id])
      assert.deepEqual(await found({...hidden, created_at: 'lt:2026-01-01T00:00:00Z'}), [])
      assert.deepEqual(await found({...hidden, owner: beta.project}), [])
    })
  })
}

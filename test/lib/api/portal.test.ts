/** A portal that answers 200 and a page to everything: no command may take this for success. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import type {ImageApi} from '../../../src/lib/api/image-api.js'
import {V1Api} from '../../../src/lib/api/v1/v1-api.js'
import {V2Api} from '../../../src/lib/api/v2/v2-api.js'
import {Reply, ReplyHeaders, type Send} from '../../../src/lib/http/message.js'

const PORTAL = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome</body></html>'

function answer(status: number, body: string, headers: Record<string, string> = {}): Send {
  return async ({method}) =>
    new Reply(
      status,
      new ReplyHeaders({'content-type': 'text/html', ...headers}),
      Readable.from(method === 'HEAD' ? [] : [Buffer.from(body)]),
    )
}

const portal = answer(200, PORTAL, {server: 'gate/1.0'})
const openV2 = (send: Send) => new V2Api('http://h', send, {externalSend: send})
const member = {memberId: 't', canShare: false}

const changes: Record<string, (api: ImageApi) => Promise<unknown>> = {
  delete: api => api.delete('7'),
  'member-add': api => api.addMember('7', member),
  'member-delete': api => api.removeMember('7', 't'),
}
const others: typeof changes = {
  'members-replace': api => api.replaceMembers('7', [member]),
  update: api => api.update('7', {name: 'n', properties: {}}),
  'update with tags': api => api.update('7', {tags: ['a'], properties: {}}),
  index: api => api.index({}),
  details: api => api.details({}),
  'image-members': api => api.members('7'),
  'member-images': api => api.memberImages('t'),
  show: api => api.show('7'),
}

describe('a portal that answers 200 to everything', () => {
  for (const api of [new V1Api('http://h', portal), openV2(portal)]) {
    for (const [name, call] of Object.entries(changes)) {
      it(`${name}, version ${api.version}: names the server and its page`, () =>
        assert.rejects(call(api), {why: 'gate/1.0 answered 200 with a page: Sign in', exitCode: 1}))
    }
    for (const [name, call] of Object.entries(others)) {
      it(`${name}, version ${api.version}: fails`, () => assert.rejects(call(api), {exitCode: 1}))
    }
  }

  it('member-update, version 2: names the server and its page', () =>
    assert.rejects(openV2(portal).setMemberStatus('7', 't', 'accepted'), {
      why: 'gate/1.0 answered 200 with a page: Sign in',
    }))
})

describe('the reply to a deletion', () => {
  for (const body of ['', 'null']) {
    it(`may be 200 and '${body}' as text/html in version 1`, () =>
      new V1Api('http://h', answer(200, body)).delete('7'))
  }

  it('is 204 alone in version 2', async () => {
    await openV2(answer(204, '')).delete('7')
    await assert.rejects(openV2(answer(200, '')).delete('7'), {exitCode: 1})
  })
})

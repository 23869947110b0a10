/** Every response of our service that differs from the recorded one, with the reason. */

export interface Deviation {
  readonly why: string
  /** The response instead, in the language of exchanges.ts. */
  readonly instead: string
}

const NOT_500 = 'a mistake of the caller is 400, not 500'
const PLAIN_MESSAGE = 'the message says what is not allowed, instead of quoting the registry'
const UTF8 = 'header text is UTF-8 when its bytes are valid UTF-8'
const TOKENS =
  'the HTTP parser takes header names of token characters only; a bad request instead of lost headers'
const NO_TRACEBACK = 'the message is ours, not that of a Python library'

const noNumber = (name: string) => `< 400
< (html) Invalid value &#x27;&#x27; for parameter &#x27;${name}&#x27;: Cannot convert image ${name} &#x27;&#x27; to an integer.<br /><br />`

const plain = (fields: string) =>
  `< 201
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"${fields}}`

const refusedConnection = `< 400
< (html) The HTTP URL is invalid: cannot read http://127.0.0.1:1/x: connect ECONNREFUSED 127.0.0.1:1<br /><br />
= none`

const badRequest = `< 400 | connection: close
< (empty)`

const badMembership = (key: string) => `< 400
< (html) 400 Bad Request Invalid membership association: &#x27;${key}&#x27; <br /><br />`

const forbidden = (message: string) => `< 403
< (html) ${message}<br /><br />`
const notOwner = forbidden('You do not own this image')
const notPublisher = forbidden('You are not authorized to complete publicize_image action.')

const version = (id: string, status: string, path: string) =>
  `{"id":"${id}","status":"${status}","links":[{"rel":"self","href":"http://{HOST}${path}"}]}`
const SUPPORTED = 'v2.15 v2.13 v2.12 v2.10 v2.9 v2.8 v2.7 v2.6 v2.5 v2.4 v2.3 v2.2 v2.1 v2.0'.split(' ')
const versions = (status: number) => `< ${status}
< (json) {"versions":[${[
  version('v2.17', 'CURRENT', '/v2/'),
  ...SUPPORTED.map(id => version(id, 'SUPPORTED', '/v2/')),
  version('v1.1', 'DEPRECATED', '/v1/'),
  version('v1.0', 'DEPRECATED', '/v1/'),
].join(',')}]}`
const BOTH = 'the service speaks v2 as well, at the same port'

/** By the id of the exchange. Nothing else may differ. */
export const DEVIATIONS: Readonly<Record<string, Deviation>> = {
  A1: {why: BOTH, instead: versions(200)},
  A2: {why: BOTH, instead: versions(300)},
  A6: {why: BOTH, instead: versions(300)},
  E13: {
    why: 'a cache that has the data is sent the metadata alone',
    instead: `< 304 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (empty)`,
  },
  F11: {why: NOT_500, instead: noNumber('size')},
  F41: {why: NOT_500, instead: noNumber('min_ram')},
  M15: {
    why: NOT_500,
    instead: `< 400
< (text) "400 Bad Request\\n\\nInvalid value '' for parameter 'size': Cannot convert image size '' to an integer.\\n\\n   "`,
  },
  F45: {why: 'a new image cannot be deleted: `deleted` is ignored like `status`', instead: plain('')},
  F46: {why: 'a given created_at is ignored as in PUT (G20)', instead: plain('')},
  F58: {why: NO_TRACEBACK, instead: refusedConnection},
  F68: {why: NO_TRACEBACK, instead: refusedConnection},
  H12: {
    why: 'the path of a file is not shown',
    instead: `< 404
< (html) Image #101 not found<br /><br />`,
  },
  I16: {why: NOT_500, instead: badMembership('member')},
  I22: {
    why: 'the clients of 2011 and 2012 send a bare list, and the servers of their time took it',
    instead: '< 204',
  },
  I29: {why: NOT_500, instead: badMembership('memberships')},
  I31: {
    why: 'a removed member can be added back without a body: 204 means done',
    instead: `< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false}]}`,
  },
  K7: {why: 'the HTTP parser does not know the method', instead: badRequest},
  L1: {
    why: UTF8,
    instead: `< 201
< (image) {"id":"#225","name":"café 日本","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}`,
  },
  L3: {
    why: UTF8,
    instead: `< 200
< (names) café 日本`,
  },
  L7: {
    why: 'text is always answered as UTF-8, whatever it was sent as',
    instead: `< 200
< (meta) {"status":"queued","disk_format":"raw","name":"café","container_format":"bare","size":"0","id":"#227"}`,
  },
  L9: {
    why: UTF8,
    instead: `< 201
< (image) {"id":"#228","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"ville":"Orléans"}}`,
  },
  L10: {why: TOKENS, instead: badRequest},
  L12: {
    why: 'HEAD works for every name',
    instead: `< 200
< (meta) {"status":"queued","disk_format":"raw","name":"日本","container_format":"bare","size":"0","id":"#230"}`,
  },
  L15: {why: TOKENS, instead: badRequest},
  L17: {why: TOKENS, instead: badRequest},
  L19: {why: TOKENS, instead: badRequest},
  L20: {why: TOKENS, instead: badRequest},
  L21: {why: TOKENS, instead: badRequest},
  N13: {why: PLAIN_MESSAGE, instead: notOwner},
  N14: {why: PLAIN_MESSAGE, instead: notOwner},
  N24: {why: NOT_500, instead: notOwner},
  N25: {why: NOT_500, instead: notOwner},
  N43: {why: PLAIN_MESSAGE, instead: notPublisher},
  N44: {why: PLAIN_MESSAGE, instead: notPublisher},
}

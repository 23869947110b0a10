/** The requests that compare two services: valid and invalid ones, in an order in which each finds what it needs. */

export interface Case {
  readonly name: string
  readonly method: string
  /** `#1` is an image of the run, `{OWNER}` its owner. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const json = (value: unknown) => JSON.stringify(value)
const long = (letter: string, count: number) => letter.repeat(count)

function post(body: unknown): Case {
  const text = typeof body === 'string' ? body : json(body)
  return {name: `POST ${text.slice(0, 90)}`, method: 'POST', path: '/v2/images', body: text}
}

const V21 = 'application/openstack-images-v2.1-json-patch'
const V20 = 'application/openstack-images-v2.0-json-patch'

function patch(id: string, body: unknown, type = V21): Case {
  const text = typeof body === 'string' ? body : json(body)
  const headers = {'content-type': type}
  return {
    name: `PATCH ${id} ${text.slice(0, 110)}`,
    method: 'PATCH',
    path: `/v2/images/${id}`,
    headers,
    body: text,
  }
}

const op = (name: string, path: unknown, value?: unknown) => [
  value === undefined ? {op: name, path} : {op: name, path, value},
]

function call(
  method: string,
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Case {
  const what = Object.entries(headers).map(([name, value]) => ` ${name}: ${value}`)
  const name = `${method} ${path}${what.join('')} ${(body ?? '').slice(0, 60)}`
  return {name, method, path, headers, ...(body === undefined ? {} : {body})}
}

const list = (query: string) => call('GET', `/v2/images?owner={OWNER}${query === '' ? '' : `&${query}`}`)
const put = (path: string, data: string) =>
  call('PUT', path, data, {'content-type': 'application/octet-stream'})

const ATTRIBUTES =
  'name visibility protected os_hidden owner container_format disk_format min_ram min_disk tags'
const OTHERS =
  'checksum size virtual_size status created_at updated_at os_hash_algo os_hash_value direct_url self file schema'
const VALUES: readonly unknown[] = [null, true, 5, -1, 1.5, 'x', '', [], ['x'], {}, long('v', 256)]

/** Every attribute with every kind of value. */
function* typeCases(): Generator<Case> {
  for (const name of `${ATTRIBUTES} ${OTHERS} id location deleted os_glance_x prop kernel_id`.split(' ')) {
    for (const value of VALUES) {
      if (name === 'owner' && (typeof value === 'string' || value === null)) continue
      yield post({...(name === 'owner' ? {} : {owner: '{OWNER}-other'}), [name]: value})
    }
  }
}

function* patchTypeCases(): Generator<Case> {
  for (const name of `${ATTRIBUTES} ${OTHERS} id location os_glance_x prop`.split(' ')) {
    for (const value of VALUES) {
      if (name === 'owner' || (name === 'visibility' && value === 'x')) continue
      yield patch('#6', op('replace', `/${name}`, value))
    }
    yield patch('#6', op('remove', `/${name}`))
  }
}

const PATCHES: readonly unknown[] = [
  op('add', '/p', '\ud800'),
  op(
    'replace',
    '/tags',
    Array.from({length: 129}, (_, n) => `${n}`),
  ),
  Array.from({length: 130}, (_, n) => ({op: 'add', path: `/p${n}`, value: 'v'})),
  '',
  '{',
  '"x"',
  {},
  [],
  [5],
  [[]],
  [{}],
  [{op: 'test', path: '/name', value: 'x'}],
  [{op: 'move', path: '/name'}],
  [{op: 'add', value: 'x'}],
  ...['name', '/', '//x', '/x/', '/x~2', '/x~', '/a/b', '/tags/-', '/ blank ', '/a~1b~0c', '/é'].map(path =>
    op('add', path, 'x'),
  ),
  op('add', '/x'),
  op('replace', '/nix', 'x'),
  op('remove', '/nix'),
  op('remove', '/a~1b~0c'),
  [...op('add', '/half', 'x'), ...op('remove', '/nix')],
  [...op('add', '/one', '1'), ...op('replace', '/one', '2'), ...op('remove', '/one')],
  op('replace', '/tags', ['t', 't', 'u']),
  op('add', '/tags', []),
  op('replace', '/locations', []),
  op('add', '/locations/-', {url: 'http://127.0.0.1:1/x', metadata: {}}),
  op('remove', '/locations'),
  op('remove', '/locations/0'),
]

const OLD_PATCHES: readonly unknown[] = [
  [{add: '/old', value: 'x'}],
  [{add: '/old', value: 'x'}],
  [{replace: '/old', value: 'y'}],
  [{remove: '/old'}],
  [{remove: '/old'}],
  [{add: '/name', value: 'x'}],
  [{add: '/a', remove: '/b'}],
  [{value: 'x'}],
  [{replace: '/name'}],
]

const QUERIES =
  `limit=2|limit=0|limit=-1|limit=x|limit=|limit=5000|limit=2&marker=#3|marker=#9|marker=x|marker=
sort=name|sort=name:asc|sort=name:asc,size:desc|sort=size:asc|sort=size:desc,name:asc|sort=name:up|sort=x|sort=
sort=status:asc,disk_format:desc,name:asc|sort=id:asc|sort=created_at:asc|sort=updated_at|sort=name:asc,name:desc
sort_key=name|sort_key=name&sort_dir=asc|sort_key=name&sort_key=size&sort_dir=asc|sort_dir=asc|sort_dir=up
sort_key=name&sort_key=size&sort_dir=asc&sort_dir=desc|sort_key=x|sort_key=name&sort_dir=asc&sort_dir=desc
sort=name&sort_key=name|sort=name&sort_dir=asc|sort_key=name&sort_key=size&sort_key=id&sort_dir=asc&sort_dir=desc
name=a|name=A|name=eq:a|name=in:a,b|name=in:%22c,d%22,a|name=in:|name=in:%22a|name=in:a%22b|name=gt:a|name=x:y|name=c,d
id=#1|id=in:#1,#3|id=x|status=active|status=in:active,queued|status=nonsense|disk_format=raw|disk_format=in:iso,raw
container_format=bare|container_format=in:bare,ovf|size_min=5|size_max=5|size_min=2&size_max=6|size_min=x|size_min=-1
min_ram=64|min_ram_min=1|min_ram_max=63|min_disk=1|min_ram=x|size=5|size=x|virtual_size_min=1
visibility=public|visibility=private|visibility=shared|visibility=community|visibility=all|visibility=nonsense|visibility=
member_status=all|member_status=pending|member_status=nonsense|member_status=|visibility=shared&member_status=all
tag=t1|tag=t1&tag=t2|tag=x|tag=|os_distro=debian|os_distro=in:debian,fedora|nonsense=x|is_public=true|deleted=true
os_hidden=true|os_hidden=false|os_hidden=True|os_hidden=maybe|os_hidden=|protected=true|protected=FALSE|protected=maybe
checksum=nix|checksum=5d41402abc4b2a76b9719d911017c592|os_hash_value=nix|property-os_distro=debian
created_at=gt:2020-01-01T00:00:00Z|created_at=lt:2020-01-01T00:00:00Z|updated_at=gte:2020-01-01T00:00:00Z
created_at=neq:2020-01-01T00:00:00Z|created_at=eq:2020-01-01T00:00:00Z|created_at=2020-01-01T00:00:00Z
created_at=lte:2020-01-01T00:00:00%2B02:00|created_at=yesterday|created_at=foo:2020-01-01T00:00:00Z|created_at=gt:x
changes-since=2020-01-01T00:00:00Z|limit=1&sort=name:asc&os_hidden=false&tag=t1`
    .split(/[|\n]/)
    .filter(query => query !== '')

const RANGES =
  'bytes=0-0|bytes=1-|bytes=-2|bytes=-9|bytes=2-9|bytes=4-4|bytes=5-|bytes=2-1|bytes=x|lines=1-2|bytes=|0-1|bytes=0-1,3-4'
const CONTENT_RANGES = 'bytes 0-1/5|bytes 0-1/*|bytes 0-9/*|x'

const BASE = {owner: '{OWNER}', disk_format: 'raw', container_format: 'bare'}

function* imageCases(): Generator<Case> {
  yield post({...BASE, id: '#1', name: 'a', os_distro: 'debian', tags: ['t1', 't2'], min_ram: 64})
  yield post({...BASE, id: '#2', name: 'b', tags: ['t1'], visibility: 'private', min_disk: 1})
  yield post({...BASE, id: '#3', name: 'c,d', disk_format: 'iso', visibility: 'community'})
  yield post({...BASE, id: '#4', name: 'ü ☃', os_hidden: true, protected: true})
  yield post({owner: '{OWNER}', id: '#5'})
  yield post({...BASE, id: '#6', name: 'patched', visibility: 'public'})
  yield post({...BASE, id: '#1'})
  for (const body of ['', '{', '5', '"x"', 'null']) yield post(body)
  yield post(Object.fromEntries(Array.from({length: 129}, (_, n) => [`p${n}`, 'v'])))
  yield post({tags: Array.from({length: 129}, (_, n) => `t${n}`)})
  yield post({[long('k', 256)]: 'x'})
  yield put('/v2/images/#1/file', 'hello')
  yield put('/v2/images/#1/file', 'again')
  yield put('/v2/images/#2/file', '')
  yield put('/v2/images/#5/file', 'x')
  yield put('/v2/images/#9/file', 'x')
  yield call('PUT', '/v2/images/#3/file', 'x', {'content-type': 'text/plain'})
  for (const id of ['#1', '#2', '#3', '#4', '#5', '#9', 'x']) {
    yield call('GET', `/v2/images/${id}`)
    yield call('GET', `/v2/images/${id}/file`)
  }
}

function* dataCases(): Generator<Case> {
  for (const range of RANGES.split('|')) yield call('GET', '/v2/images/#1/file', undefined, {range})
  for (const range of CONTENT_RANGES.split('|')) {
    yield call('GET', '/v2/images/#1/file', undefined, {'content-range': range})
  }
  for (const [id, action] of [
    '#1 deactivate',
    '#1 deactivate',
    '#1 reactivate',
    '#1 reactivate',
    '#3 deactivate',
  ]
    .concat(['#3 reactivate', '#9 deactivate', '#1 explode'])
    .map(words => words.split(' '))) {
    yield call('POST', `/v2/images/${id}/actions/${action}`)
  }
}

const MEMBERS: readonly (readonly [string, string, string?])[] = [
  ['GET', ''],
  ['POST', '', '{"member": "m1"}'],
  ['POST', '', '{"member": "m1"}'],
  ['POST', '', '{"member": "m2"}'],
  ...['{}', '[]', '', '{', '5', '{"member": ""}', '{"member": null}'].map(
    body => ['POST', '', body] as const,
  ),
  ['GET', ''],
  ['GET', '/m1'],
  ['GET', '/none'],
  ...['accepted', 'rejected', 'pending', 'perhaps', ''].map(
    status => ['PUT', '/m1', json({status})] as const,
  ),
  ['PUT', '/m1', '{}'],
  ['PUT', '/none', '{"status": "accepted"}'],
  ['DELETE', '/m2'],
  ['DELETE', '/m2'],
  ['PUT', ''],
  ['POST', '/m1', '{}'],
]

function* memberCases(): Generator<Case> {
  for (const [method, path, body] of MEMBERS) yield call(method, `/v2/images/#1/members${path}`, body)
  for (const id of ['#2', '#3', '#9']) {
    yield call('GET', `/v2/images/${id}/members`)
    yield call('POST', `/v2/images/${id}/members`, '{"member": "m"}')
    yield call('DELETE', `/v2/images/${id}/members/m`)
  }
}

function* tagCases(): Generator<Case> {
  for (const tag of ['new', 'new', 'a%20b', 'a%2Fb', '%C3%BC', long('t', 255), long('t', 256)]) {
    yield call('PUT', `/v2/images/#1/tags/${tag}`)
  }
  for (const tag of ['new', 'new', 'a%20b']) yield call('DELETE', `/v2/images/#1/tags/${tag}`)
  yield call('PUT', '/v2/images/#9/tags/x')
  yield call('GET', '/v2/images/#1/tags/x')
  yield call('GET', '/v2/images/#1')
}

const UNUSUAL =
  'GET /v2/|GET /v2/nonsense|GET /v2/images/|PUT /v2/images|DELETE /v2/images|HEAD /v2/images|HEAD /v2/images/#1|' +
  'OPTIONS /v2/images|POST /v2/images/#1|PUT /v2/images/#1|POST /v2/images/#1/file|DELETE /v2/images/#1/file|' +
  'HEAD /v2/images/#1/file|GET /v2/schemas|GET /v2/schemas/nope|GET /v2/info/nope|GET /v2/info/import|GET /v2/info/usage|' +
  'GET /v2.5/images?owner=none|GET /v2.99/images|GET /v3/images|GET /images|GET /healthcheck|GET /v2/images/#1/tags|' +
  'GET /v2/images/#1/actions/deactivate|DELETE /v2/images/#4|DELETE /v2/images/#9|DELETE /v2/images/#2|DELETE /v2/images/#2|' +
  'GET /v2/images/#2|POST /v2/images/#1/import|GET /v2/images/#1/import'

/** Parts that a service may lack. */
const LACKING =
  'GET /v2/metadefs|GET /v2/metadefs/namespaces?limit=0|GET /v2/metadefs/namespaces?limit=x|GET /v2/metadefs/namespaces?marker=x|' +
  'PUT /v2/metadefs/namespaces|GET /v2/metadefs/namespaces/X|GET /v2/metadefs/namespaces/X/objects|' +
  'GET /v2/metadefs/namespaces/X/objects/Y|GET /v2/metadefs/namespaces/X/tags|GET /v2/metadefs/namespaces/X/properties|' +
  'DELETE /v2/metadefs/namespaces/X|PUT /v2/metadefs/resource_types|GET /v2/schemas/metadefs/nope|GET /v2/cached_images|' +
  'PUT /v2/queued_images/#1|GET /v2/cache|DELETE /v2/stores/file/#1|DELETE /v2/stores/nope/#1|DELETE /v2/stores/file/nope|GET /v2/discover'

/** Paths that lead somewhere else, or nowhere. */
const ASTRAY =
  'GET /v2/images/..%2f|GET /v2/images/..%2fx|GET /v2//images?owner=none|GET /v2/images/#1%2ffile|' +
  'GET /v2/images/#1/members/x%2fy|GET /v2/schemas/..%2fimage|GET /v2/schemas/constructor|GET /v2/tasks/x|GET /v2/images/%zz|' +
  'GET /v2/images;x=1|GET /v2/images/#1%00|GET /v2/images/%ff|GET /v2/images?p=%ff|PUT /v2/images/#1/tags/a%00b|' +
  'GET /v2/images?owner={OWNER}&name=a%00b'

function* unusualCases(): Generator<Case> {
  const imports = [
    ...['{}', '[]', '{"method": {}}', '{"method": {"name": "nope"}}', '{"method": {"name": 5}}'],
    ...['{"method": {"name": "copy-image"}}', '{"method": {"name": "copy-image"}, "all_stores": true}'],
    ...['file:///etc/passwd', 'http://10.0.0.1/x', 'http://127.0.0.2/x'].map(uri =>
      json({method: {name: 'web-download', uri}}),
    ),
  ]
  for (const body of imports) yield call('POST', '/v2/images/#3/import', body)
  yield post({owner: '{OWNER}-other', name: 'a\0b'})
  yield call('POST', '/v2/images/#3/import', '{"method": {"name": "glance-direct"}}')
  yield call('POST', '/v2/images/#1/import', '{"method": {"name": "glance-direct"}}')
  for (const line of [UNUSUAL, LACKING, ASTRAY].flatMap(lines => lines.split('|'))) {
    const [method = '', path = ''] = line.split(' ')
    yield call(method, path)
  }
  for (const accept of [
    '*/*',
    'text/html',
    'text/plain',
    'application/xml',
    'text/html;q=0.1, application/json',
  ]) {
    yield call('GET', '/v2/images/#9', undefined, {accept})
    yield call('GET', '/v2/nonsense', undefined, {accept})
    yield {...post({status: 'active'}), headers: {accept}, name: `POST read-only, accept: ${accept}`}
  }
}

/** All of them. */
export function differentialCases(): readonly Case[] {
  return [
    ...imageCases(),
    ...QUERIES.map(list),
    list(''),
    ...dataCases(),
    ...memberCases(),
    ...tagCases(),
    ...PATCHES.map(body => patch('#6', body)),
    ...OLD_PATCHES.map(body => patch('#6', body, V20)),
    patch('#6', [], 'application/json'),
    patch('#6', [], 'application/json-patch+json'),
    patch('#9', []),
    patch('#1', op('replace', '/disk_format', 'iso')),
    patch('#1', op('replace', '/min_ram', 128)),
    ...typeCases(),
    ...patchTypeCases(),
    ...unusualCases(),
  ]
}

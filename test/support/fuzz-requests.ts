/** Generators of random requests, plausible and not: paths, queries, headers and bodies. */
import fc from 'fast-check'

/** The id of an existing image. */
export const ID = '00000001-0000-4000-8000-000000000000'

export interface FuzzRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  /** Header lines without the length of the body. */
  readonly headers: readonly string[]
  readonly body: string
}

const oneOf = (words: string) => fc.constantFrom(...words.split(' '))

/** Text that is unsafe in URLs, paths, SQL, headers and JSON. */
const unsafeText = fc.oneof(
  oneOf(
    '. .. ../.. ..%2f ..%5c..%5c %2e%2e%2f %00 % %zz %ff %c3%a9 %ed%a0%80 %25 %2F / // : ? # ; \' " \\ $ ` <b>',
  ),
  oneOf('__proto__ constructor null NaN -1 1e999 in: in:" in:",",a gt: eq: x:y 2020-13-45 \xff \xe9 \ufffe'),
  fc.constantFrom('', ' or 1=1--', '9'.repeat(400), 'a'.repeat(300), 'a'.repeat(9000)),
)
const word = fc.oneof(
  unsafeText,
  fc.string({maxLength: 12}),
  fc.string({unit: 'binary', maxLength: 8}),
  fc.tuple(unsafeText, unsafeText).map(parts => parts.join('')),
)

/** Encodes text for a request line: no spaces or line ends, characters as bytes. */
const onWire = (text: string) => Buffer.from(text.replace(/[\x00-\x20\x7f]/g, '+')).toString('latin1')

const PARAMS =
  'limit marker sort sort_key sort_dir member_status visibility tag name id status container_format disk_format size ' +
  'size_min size_max virtual_size min_ram min_disk created_at updated_at owner checksum os_hash_value protected os_hidden ' +
  'deleted changes-since is_public property-x x x_min'

/** Of a list. */
export const query: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.oneof(oneOf(PARAMS), word), word), {maxLength: 5})
  .map(pairs => pairs.map(([name, value]) => `${onWire(name)}=${onWire(value)}`).join('&'))

/** Every resource of both versions, with `@` for any text. */
const TEMPLATES =
  '* http://x/v2/images/@ /@ /@/@ //@ /versions /healthcheck /v99/@ /v1 /v1/ /v1/@ /v1/images /v1/images/@ /v1/images/detail ' +
  '/v1/images/@/members /v1/images/@/members/@ /v1/images/@/@ /v1/shared-images/@ /v2 /v2/ /v2/@ /v2.17/images/@ /v2/images ' +
  '/v2/images/@ /v2/images/@/@ /v2/images/@/@/@ /v2/images/@/file /v2/images/@/stage /v2/images/@/import ' +
  '/v2/images/@/actions/deactivate /v2/images/@/actions/reactivate /v2/images/@/tags/@ /v2/images/@/members ' +
  '/v2/images/@/members/@ /v2/images/@/locations /v2/images/@/tasks /v2/tasks /v2/tasks/@ /v2/schemas/@ ' +
  '/v2/schemas/metadefs/@ /v2/info/@ /v2/metadefs/@ /v2/metadefs/namespaces/@/@/@ /v2/stores/@/@ /v2/cache/@'

const segment = fc.oneof(fc.constant(ID), word).map(onWire)
const path = fc
  .tuple(oneOf(TEMPLATES), fc.tuple(segment, segment, segment), query)
  .map(([template, segments, search]) => {
    const rest = [...segments]
    return template.replace(/@/g, () => rest.shift() ?? '') + (search === '' ? '' : `?${search}`)
  })

const ATTRIBUTES =
  'id name status visibility protected os_hidden owner container_format disk_format min_ram min_disk tags checksum size ' +
  'locations stores member memberships member_id can_share method uri url metadata validation_data op path value x'
const scalar = fc.oneof(
  word,
  oneOf(`public raw bare add replace remove /name /tags /x /locations/- /locations ${ID}`),
  oneOf('web-download glance-direct http://127.0.0.1:1/ http:// http://h:99999/ file:///etc/passwd'),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const key = fc.oneof(oneOf(ATTRIBUTES), word)
const {json: anything} = fc.letrec(tie => ({
  json: fc.oneof(
    {maxDepth: 4},
    {arbitrary: scalar, weight: 3},
    {arbitrary: fc.array(tie('json'), {maxLength: 3}), weight: 1},
    {arbitrary: fc.array(fc.tuple(key, tie('json')), {maxLength: 4}).map(Object.fromEntries), weight: 2},
  ),
}))

const mostly = (good: fc.Arbitrary<unknown>) =>
  fc.oneof({arbitrary: good, weight: 9}, {arbitrary: anything, weight: 1})

/** Attributes with values that they may have, most of the time. */
const PLAUSIBLE = {
  name: mostly(word),
  visibility: mostly(oneOf('public private shared community')),
  os_hidden: mostly(fc.boolean()),
  owner: mostly(word),
  disk_format: mostly(oneOf('raw qcow2 iso')),
  min_ram: mostly(fc.integer()),
  tags: mostly(fc.array(word, {maxLength: 5})),
  x: mostly(word),
}
const image = fc
  .tuple(fc.record(PLAUSIBLE, {requiredKeys: []}), fc.array(fc.tuple(word, mostly(word)), {maxLength: 2}))
  .map(([attributes, properties]) => ({...attributes, ...Object.fromEntries(properties)}))
const location = fc.record({url: fc.constant('http://127.0.0.1:1/'), metadata: mostly(fc.constant({}))})
const settings = Object.entries(PLAUSIBLE).map(([name, value]) =>
  fc.record({op: oneOf('add replace'), path: fc.constant(`/${name}`), value}),
)
const operation = fc.oneof(
  ...settings,
  fc.record({op: oneOf('add remove'), path: oneOf('/x /locations/- /locations/0'), value: location}),
  fc.record({op: oneOf('add replace remove test'), path: key.map(name => `/${name}`), value: anything}),
)

const asJson = (value: fc.Arbitrary<unknown>) => value.map(it => JSON.stringify(it) ?? '')

export const newImage: fc.Arbitrary<string> = asJson(image)
export const patch: fc.Arbitrary<string> = asJson(fc.array(operation, {maxLength: 4}))
/** Request bodies for members, imports and locations. */
export const request: fc.Arbitrary<string> = asJson(
  fc.oneof(
    fc.record({member: mostly(word)}),
    fc.record({status: mostly(oneOf('accepted rejected pending'))}),
    fc.record({member: fc.record({can_share: mostly(fc.boolean())})}),
    fc.record({
      memberships: fc.array(fc.record({member_id: mostly(word), can_share: anything}), {maxLength: 3}),
    }),
    fc.record({method: fc.record({name: mostly(oneOf('web-download glance-direct')), uri: scalar})}),
    fc.record({url: scalar, validation_data: anything}),
  ),
)
const body = fc.oneof(
  newImage,
  patch,
  request,
  asJson(anything),
  fc.constantFrom('', '{', '[]', '{}', '"\\ud800"', '{"a":"\\u0000"}', '\ufeff{}', '[[[[', 'nul'),
  fc.string({unit: 'binary', maxLength: 50}),
)

const META =
  'id name status location disk_format container_format size checksum min_ram min_disk is_public protected owner store ' +
  'property-x property- created_at x'
const OTHERS =
  'accept range content-range x-openstack-image-size x-glance-api-copy-from x-auth-token x-glance-registry-purge-props'
const headerName = fc.oneof(
  oneOf(META).map(name => `x-image-meta-${name}`),
  oneOf(OTHERS),
)
const headerText = fc.oneof(
  word,
  oneOf(
    `bytes=0- bytes=-0 bytes=5-1 bytes=1,2 bytes=${'9'.repeat(30)}- application/json */*;q=x true raw bare 1`,
  ),
  fc.constantFrom('bytes 0-1/2', 'application/vnd.openstack.images-v2'),
)
/** Drops what the parser of the runtime refuses. */
const inHeader = (text: string) =>
  Buffer.from(text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' ')).toString('latin1')
const header = fc.tuple(headerName, headerText).map(([name, text]) => `${name}: ${inHeader(text)}`)

const TYPES =
  'application/json application/octet-stream application/openstack-images-v2.1-json-patch ' +
  'application/openstack-images-v2.0-json-patch text/plain ;'

export const headers: fc.Arbitrary<readonly string[]> = fc
  .tuple(fc.array(header, {maxLength: 4}), oneOf(TYPES))
  .map(([some, type]) => [...some, `content-type: ${type}`])

const METHODS = 'GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND'

export const fuzzRequest: fc.Arbitrary<FuzzRequest> = fc.record({method: oneOf(METHODS), path, headers, body})

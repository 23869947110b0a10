/** `glance copy` between two services: metadata over every pair of versions, the choice of the target, and faults at both ends. */
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {createInterrupt} from '../support/command-line.js'
import {glance, type RunResult, type World} from '../support/fake-io.js'
import {createTokenReply, startFakeKeystone} from '../support/fake-keystone.js'
import {serveEarlier} from '../support/http/earlier-service.js'
import {IMAGE_ID, type ImageServerOptions, serveImage} from '../support/http/image-server.js'
import {cutAt, flip, type Interference, startInterferingProxy} from '../support/http/interfering-proxy.js'
import {serve} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

const MIB = 1024 * 1024
const DATA = randomBytes(4 * MIB)
const KERNEL = '11111111-aaaa-4bbb-8ccc-dddddddddddd'
const UUID = '[0-9a-f]{8}-[0-9a-f-]{27}'

describe('copy', () => {
  const folder = useTempDir()
  let here: TestService
  let there: TestService
  before(async () => {
    here = await startService()
    there = await startService()
  })
  after(async () => {
    await here.close()
    await there.close()
  })
  beforeEach(async () => {
    const clouds = {here: toCloud(here.url), there: toCloud(there.url)}
    await writeFile(path.join(folder(), 'clouds.yaml'), JSON.stringify({clouds}))
  })
  afterEach(async () => {
    await here.clear()
    await there.clear()
  })

  const toCloud = (url: string) => ({auth_type: 'none', image_endpoint_override: url})

  const run = (words: readonly string[], {env, ...world}: World = {}): Promise<RunResult> =>
    glance(words, {
      ...world,
      env: {OS_IMAGE_URL: here.url, OS_CLIENT_CONFIG_FILE: path.join(folder(), 'clouds.yaml'), ...env},
    })

  async function add(words: readonly string[], data: string | Buffer = 'data'): Promise<string> {
    const {stdout, stderr} = await run(['add', 'disk_format=raw', ...words], {stdin: data})
    return /ID: (\S+)/.exec(stdout)?.[1] ?? assert.fail(stderr)
  }

  type Document = Readonly<Record<string, unknown>>

  async function list(url: string, filter = ''): Promise<readonly Document[]> {
    const reply = await fetch(`${url}/v2/images?visibility=all&${filter}`)
    return ((await reply.json()) as {images: Document[]}).images
  }

  /** The only image of the target. */
  async function findCopy(): Promise<Document> {
    const [copy, ...others] = await list(there.url)
    assert.deepEqual(others, [])
    return copy ?? assert.fail('there is no copy')
  }

  const readData = async (url: string, id: unknown): Promise<Buffer> =>
    Buffer.from(await (await fetch(`${url}/v2/images/${id}/file`)).arrayBuffer())

  /** The target has no image, and no data of one. */
  async function assertNothingLeft(): Promise<void> {
    assert.deepEqual([await list(there.url), await there.remaining()], [[], []])
  }

  const METADATA = ['name=ubuntu', 'min_ram=512', 'min_disk=3', 'protected=false', 'distro=äöü 日本']

  for (const [from, to] of [
    [2, 2],
    [1, 2],
    [2, 1],
    [1, 1],
  ] as const) {
    it(`copies metadata and data from version ${from} to version ${to}`, async () => {
      const id = await add([...METADATA, 'tags=a,b', 'container_format=ovf'], DATA)
      const env = {OS_IMAGE_URL: `${here.url}/v${from}`}
      const ran = await run(['copy', id, '--to-url', `${there.url}/v${to}`], {env})
      const copy = await findCopy()
      const line = `Copied image ${id} to ${there.url}/v${to} with ID: ${copy.id}\n`
      const note = 'warning: left out tags, which version 1 of the Image API does not have\n'
      assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, line, from === 2 && to === 1 ? note : ''])
      const {name, min_ram, min_disk, distro, tags, visibility, status, disk_format, container_format} =
        copy ?? {}
      assert.deepEqual(
        {name, min_ram, min_disk, distro, tags, visibility, status, disk_format, container_format},
        {
          name: 'ubuntu',
          min_ram: 512,
          min_disk: 3,
          distro: 'äöü 日本',
          tags: from === 2 && to === 2 ? ['a', 'b'] : [],
          visibility: 'shared',
          status: 'active',
          disk_format: 'raw',
          container_format: 'ovf',
        },
      )
      assert.notEqual(copy.id, id)
      assert.ok((await readData(there.url, copy.id)).equals(DATA))
    })
  }

  it('gives the copy the name after the colon, and the fields', async () => {
    await add(['name=ubuntu', 'distro=noble', 'min_ram=1'])
    const ran = await run([
      'copy',
      'ubuntu',
      'there:my copy',
      'min_ram=2',
      'distro=',
      'extra=x',
      'protected=no',
    ])
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(ran.stdout, new RegExp(`^Copied image ${UUID} to there with ID: ${UUID}\n$`))
    const {name, min_ram, distro, extra} = await findCopy()
    assert.deepEqual({name, min_ram, distro, extra}, {name: 'my copy', min_ram: 2, distro: '', extra: 'x'})
  })

  it('publishes nothing by itself, and keeps private images private', async () => {
    const published = await add(['name=public', 'is_public=yes'])
    await add(['name=private', 'visibility=private'])
    await add(['name=community', 'visibility=community'])
    const ran = await run(['copy', 'public', 'private', 'there:'])
    assert.deepEqual(
      [ran.code, ran.stderr],
      [0, `note: image ${published} is public, and its copy is not; to change that, give is_public=true\n`],
    )
    await run(['copy', 'public', 'there:given', 'is_public=yes'])
    const chosen = await run(['copy', 'community', 'there:', 'visibility=community'])
    assert.deepEqual([chosen.code, chosen.stderr], [0, ''])
    const found = (await list(there.url)).map(({name, visibility}) => `${name} ${visibility}`)
    assert.deepEqual(found.sort(), [
      'community community',
      'given public',
      'private private',
      'public shared',
    ])
  })

  it('leaves out what names things of the source, and says so', async () => {
    await add(['name=x', `kernel_id=${KERNEL}`, 'cinder_encryption_key_id=k', 'user_id=u', 'signature=s'])
    const ran = await run(['copy', 'x', 'there:', 'user_id=mine'])
    assert.deepEqual(
      [ran.code, ran.stderr],
      [0, 'note: left out properties that name things of the source: cinder_encryption_key_id, kernel_id\n'],
    )
    const {kernel_id, cinder_encryption_key_id, user_id, signature} = await findCopy()
    assert.deepEqual(
      [kernel_id, cinder_encryption_key_id, user_id, signature],
      [undefined, undefined, 'mine', 's'],
    )
  })

  it('leaves out properties that the version of the target cannot hold', async () => {
    await add(['name=x', 'good=1', 'b c=2'])
    const ran = await run(['copy', 'x', '--to-url', `${there.url}/v1`])
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(ran.stderr, /^warning: left out the property 'b c': version 1 .* ASCII letters/)
    const copy = await findCopy()
    assert.deepEqual([copy.good, copy['b c']], ['1', undefined])
  })

  it('keeps the id with --keep-id', async () => {
    const id = await add(['name=x'])
    const ran = await run(['copy', id, 'there:', '--keep-id'])
    assert.deepEqual([ran.code, ran.stdout], [0, `Copied image ${id} to there with ID: ${id}\n`])
    const again = await run(['copy', id, 'there:', '--keep-id'])
    assert.deepEqual([again.code, again.stdout], [5, ''])
    assert.match(again.stderr, /already exists/)
    assert.equal((await list(there.url)).length, 1)
  })

  it('with --if-absent copies data that the target does not have', async () => {
    const id = await add(['name=x'], 'one')
    const first = await run(['--json', 'copy', 'x', 'there:', '--if-absent'])
    const record = JSON.parse(first.stdout)
    assert.deepEqual([record.copied, record.source_id, record.target, record.name], [true, id, 'there', 'x'])
    const again = await run(['copy', 'x', 'there:y', '--if-absent'])
    const text = `There is an image with this data in there, with ID: ${record.id}\n`
    assert.deepEqual([again.code, again.stdout, again.stderr], [0, text, ''])
    const json = JSON.parse((await run(['--json', 'copy', 'x', 'there:', '--if-absent'])).stdout)
    assert.deepEqual([json.id, json.copied, json.source_id], [record.id, false, id])
    const dry = await run(['--dry-run', 'copy', 'x', 'there:', '--if-absent'])
    assert.match(
      dry.stdout,
      new RegExp(`^Keep image ${record.id} in there, which has the data of image ${id}$`, 'm'),
    )
    await add(['name=z'], 'two')
    await run(['copy', 'z', 'there:', '--if-absent'])
    assert.equal((await list(there.url)).length, 2)
  })

  it('with --if-absent finds the copy of a hidden image', async () => {
    await add(['name=x', 'os_hidden=true'], 'one')
    const {id} = JSON.parse((await run(['--json', 'copy', 'x', 'there:'])).stdout)
    const again = await run(['copy', 'x', 'there:', '--if-absent'])
    assert.equal(again.stdout, `There is an image with this data in there, with ID: ${id}\n`)
    await run(['delete', '--force', '--url', there.url, id])
  })

  it('changes nothing in a dry run, which shows the metadata', async () => {
    const id = await add(['name=x', 'distro=noble', 'tags=a'], DATA)
    const ran = await run(['--dry-run', 'copy', 'x', 'there:y', '--to-region', 'west'])
    assert.equal(ran.code, 0, ran.stderr)
    assert.match(
      ran.stdout,
      new RegExp(`^Copy image ${id} \\(4.0 MiB\\) to there, region west with metadata:$`, 'm'),
    )
    assert.match(ran.stdout, /^ +name => y$/m)
    const partial = await run(['--dry-run', 'copy', 'missing', 'x', 'there:'])
    assert.equal(partial.code, 3)
    assert.match(partial.stdout, new RegExp(`^Copy image ${id} `, 'm'))
    assert.match(
      partial.stderr,
      /^glance: No image with ID missing was found.*\nglance: 1 image could not be copied\n$/,
    )
    const record = JSON.parse((await run(['--json', '--dry-run', 'copy', 'x', 'there:'])).stdout)
    const {action, kind, image, target, fields} = record
    assert.deepEqual(
      {action, kind, image, target},
      {action: 'copy', kind: 'image', image: id, target: 'there'},
    )
    assert.deepEqual([fields.name, fields.tags, fields.properties], ['x', ['a'], {distro: 'noble'}])
    await assertNothingLeft()
  })

  it('copies the others when one of several images fails', async () => {
    await add(['name=one'])
    await add(['name=two'])
    const ran = await run(['copy', 'one', 'missing', 'two', '--to', 'there'])
    assert.equal(ran.code, 3)
    assert.match(
      ran.stderr,
      /^glance: No image with ID missing was found: .*\nglance: 1 image could not be copied$/m,
    )
    assert.deepEqual((await list(there.url)).map(({name}) => name).sort(), ['one', 'two'])
  })

  it('copies within one service', async () => {
    const id = await add(['name=x'])
    const ran = await run(['copy', 'x', 'envvars:second'])
    assert.equal(ran.code, 0, ran.stderr)
    const names = (await list(here.url)).map(image => `${image.name} ${image.id === id}`)
    assert.deepEqual(names.sort(), ['second false', 'x true'])
  })

  describe('refuses', () => {
    for (const [words, message] of [
      [['copy'], /^glance: Please specify the image to copy as the first argument$/m],
      [['copy', 'x'], /^glance: Please specify the cloud to copy to$/m],
      [
        ['copy', 'x', 'nowhere:'],
        /^glance: unknown cloud 'nowhere'\n {2}\S+ has: here, there\n {2}Name one of these, or another file/m,
      ],
      [['copy', 'x', 'here:', '--to', 'there'], /^glance: the destination is given twice$/m],
      [['copy', 'x', 'there:y', 'name=z'], /^glance: name is given twice: 'y' and 'z'$/m],
      [['copy', 'x', 'y', 'there:z'], /^glance: cannot give several copies the same name$/m],
      [['copy', 'x', 'there:', 'copy_from=http://a/b'], /^glance: cannot copy an image with copy_from=$/m],
      [['copy', 'x', '--to-url', 'nonsense'], /^glance: invalid URL 'nonsense'\n.* --to-url$/m],
      [
        ['copy', 'x', '--to-url', 'http://a', '--to-region', 'b'],
        /^glance: --to-region with --to-url requires --to$/m,
      ],
      [
        ['copy', 'x', 'there:', '--from', 'here', '--os-cloud', 'there'],
        /^glance: --from and --os-cloud name different/m,
      ],
      [['copy', 'x', '--to-region', 'west'], /^glance: the target is the service of the source$/m],
    ] as const) {
      it(words.join(' '), async () => {
        if (/nonsense|west/.test(words.join())) await add(['name=x'])
        const ran = await run(words)
        assert.deepEqual([ran.code, ran.stdout], [2, ''])
        assert.match(ran.stderr, message)
      })
    }

    it('an image without data', async () => {
      const {stdout} = await run(['add', 'name=queued'])
      const ran = await run(['copy', 'queued', 'there:'])
      assert.deepEqual([ran.code, ran.stdout], [5, ''])
      assert.match(ran.stderr, /^glance: cannot copy image \S+\n {2}it has no data: its status is queued$/m)
      assert.match(stdout, /ID/)
    })

    it('an image that only names volumes', async () => {
      await run(['add', 'name=volumes', 'block_device_mapping=[]', '--allow-empty'], {stdin: ''})
      const ran = await run(['copy', 'volumes', 'there:'])
      assert.deepEqual([ran.code, ran.stdout], [5, ''])
      assert.match(ran.stderr, /it names snapshots of volumes/)
      await assertNothingLeft()
    })
  })

  describe('the target', () => {
    it('gets no credentials and no region of the source', async () => {
      const seen: (string | string[] | undefined)[] = []
      const target = await serve((request, response) => {
        seen.push(request.headers['x-auth-token'])
        response.writeHead(403).end('no')
      })
      await add(['name=x'])
      const env = {
        OS_AUTH_TOKEN: 'very-secret-token',
        OS_REGION_NAME: 'east',
        OS_USERNAME: 'me',
        OS_CLOUD: '',
      }
      const ran = await run(['copy', 'x', '--to-url', target.url], {env})
      await target.close()
      assert.equal(ran.code, 4, ran.stderr)
      assert.ok(seen.length > 0)
      assert.deepEqual(new Set(seen), new Set([undefined]))
      assert.doesNotMatch(ran.stderr, /not used/)
    })

    it('is named when its password is asked for, and the password is not printed', async () => {
      const keystone = await startFakeKeystone()
      const endpoint = {interface: 'public', region: 'west', region_id: 'west', url: there.url}
      const catalog = JSON.stringify([{type: 'image', name: 'glance', endpoints: [endpoint]}])
      keystone.answer(() => createTokenReply({catalog, token: 'token-of-the-target'}))
      const auth = {auth_url: `${keystone.url}/v3`, username: 'alpha', project_name: 'alpha'}
      const clouds = {prod: {auth: {...auth, user_domain_id: 'default', project_domain_id: 'default'}}}
      await writeFile(path.join(folder(), 'clouds.yaml'), JSON.stringify({clouds}))
      await add(['name=x'])
      const world = {terminal: true, secret: 'wonderland'}
      const ran = await run(['--debug', 'copy', 'x', 'prod:', '--no-token-cache'], world)
      await keystone.close()
      assert.deepEqual([ran.code, ran.asked], [0, ["Password of user 'alpha' in prod"]], ran.stderr)
      assert.doesNotMatch(ran.stdout + ran.stderr, /wonderland|token-of-the-target/)
    })

    it('may be of an earlier release, which cannot hide images', async () => {
      const earlier = await serveEarlier(3, there.port)
      await add(['name=x', 'os_hidden=true'])
      const [image] = await list(here.url, 'os_hidden=true')
      const words = ['copy', String(image?.id), '--to-url', earlier.url]
      const refused = await run(words)
      assert.deepEqual([refused.code, refused.stdout], [2, ''])
      assert.match(refused.stderr, /^glance: this service does not have os_hidden=$/m)
      const ran = await run([...words, 'os_hidden=false'])
      await earlier.close()
      await fetch(`${here.url}/v2/images/${image?.id}`, {method: 'DELETE'})
      assert.equal(ran.code, 0, ran.stderr)
      assert.equal((await findCopy()).name, 'x')
    })

    it('is another region of the same cloud, with the same login', async () => {
      const keystone = await startFakeKeystone()
      const endpoints = [
        {interface: 'public', region: 'east', region_id: 'east', url: here.url},
        {interface: 'public', region: 'west', region_id: 'west', url: there.url},
      ]
      const catalog = JSON.stringify([{type: 'image', name: 'glance', endpoints}])
      keystone.answer(() => createTokenReply({catalog}))
      await add(['name=x'])
      const login = {OS_AUTH_URL: `${keystone.url}/v3`, OS_USERNAME: 'alpha', OS_PASSWORD: 'wonderland'}
      const project = {
        OS_PROJECT_NAME: 'alpha',
        OS_USER_DOMAIN_ID: 'default',
        OS_PROJECT_DOMAIN_ID: 'default',
      }
      const env = {OS_IMAGE_URL: '', ...login, ...project, OS_REGION_NAME: 'east'}
      const ran = await run(['copy', 'x', '--to-region', 'west', '--no-token-cache'], {env})
      await keystone.close()
      assert.equal(ran.code, 0, ran.stderr)
      assert.match(ran.stdout, /^Copied image \S+ to region west with ID: /)
      assert.equal((await list(there.url)).length, 1)
    })
  })

  describe('faults', () => {
    const copyThrough = async (
      end: 'source' | 'target',
      interference: Interference,
      words: readonly string[] = [],
    ): Promise<RunResult> => {
      const port = end === 'source' ? here.port : there.port
      const proxy = await startInterferingProxy(port, interference)
      const [from, to] = end === 'source' ? [proxy.url, there.url] : [here.url, proxy.url]
      const ran = await run(['copy', 'x', '--to-url', to, ...words], {env: {OS_IMAGE_URL: from}})
      await proxy.close()
      return ran
    }

    const copyFrom = async (
      options: ImageServerOptions,
      words: readonly string[] = [],
    ): Promise<RunResult> => {
      const source = await serveImage(options)
      const env = {OS_IMAGE_URL: `${source.url}/v2`}
      const ran = await run(['copy', IMAGE_ID, 'there:', ...words], {env})
      await source.close()
      return ran
    }

    it('continues where the connection to the source broke', async () => {
      const source = await serveImage({
        data: DATA,
        breaksAfter: answer => (answer < 3 ? 1.5 * MIB : undefined),
      })
      const env = {OS_IMAGE_URL: `${source.url}/v2`}
      const ran = await run(['copy', IMAGE_ID, 'there:'], {env})
      await source.close()
      assert.equal(ran.code, 0, ran.stderr)
      assert.match(ran.stderr, /^note: the connection broke after 1\.\d MiB; continuing from there$/m)
      assert.deepEqual([source.ranges.length, source.ranges[0]], [3, undefined])
      const {id} = await findCopy()
      assert.ok((await readData(there.url, id)).equals(DATA))
    })

    it('leaves nothing when the source stays away', async () => {
      const ran = await copyFrom({data: DATA, breaksAfter: () => 1000}, ['--retries', '0'])
      assert.deepEqual([ran.code, ran.stdout], [6, ''])
      assert.match(
        ran.stderr,
        new RegExp(`^glance: cannot read the data of image ${IMAGE_ID} to its end$`, 'm'),
      )
      assert.match(ran.stderr, /Its image record, \S+, was deleted\.$/m)
      assert.doesNotMatch(ran.stderr, /sending the data again/)
      await assertNothingLeft()
    })

    it('leaves nothing when the source refuses its data', async () => {
      const before = there.log.length
      const ran = await copyFrom({data: DATA, instead: () => ({status: 403, text: 'it is deactivated'})})
      assert.deepEqual([ran.code, ran.stdout], [4, ''])
      assert.match(ran.stderr, /it is deactivated/)
      assert.deepEqual(
        there.log.slice(before).filter(line => line.includes('POST')),
        [],
      )
      await assertNothingLeft()
    })

    for (const [what, sent, why] of [
      ['other data', randomBytes(4 * MIB), /its sha512 is [0-9a-f]{128}, expected [0-9a-f]{128}/],
      ['less data', DATA.subarray(0, 3 * MIB), /it has 4194304 bytes, 3145728 arrived/],
      ['more data', Buffer.concat([DATA, DATA]), /more than its 4194304 bytes arrived/],
    ] as const) {
      it(`leaves nothing when the source sends ${what} than it reports`, async () => {
        const ran = await copyFrom({data: DATA, sent}, ['--retries', '0'])
        assert.deepEqual([ran.code, ran.stdout], [7, ''])
        const message = `^glance: the data of image ${IMAGE_ID} does not match what its service reports\n`
        assert.match(ran.stderr, new RegExp(`${message}  ${why.source}`, 'm'))
        assert.match(ran.stderr, /Its image record, \S+, was deleted\./)
        await assertNothingLeft()
      })
    }

    const withDigest = (os_hash_algo: string, os_hash_value: string) => ({
      data: DATA,
      image: {checksum: null, os_hash_algo, os_hash_value},
    })

    it('compares a digest that cannot be announced while the data is read', async () => {
      const digest = createHash('blake2b512').update(DATA).digest('hex')
      const right = await copyFrom(withDigest('blake2b', digest))
      assert.deepEqual([right.code, right.stderr], [0, ''])
      await there.clear()
      const wrong = await copyFrom(withDigest('blake2b', 'f'.repeat(128)), ['--retries', '0'])
      assert.deepEqual([wrong.code, wrong.stdout], [7, ''])
      assert.match(wrong.stderr, /its blake2b is f{128}, that of the downloaded data is /)
      await assertNothingLeft()
    })

    it('warns about a digest that cannot be computed', async () => {
      const ran = await copyFrom(withDigest('tiger', '00'))
      const warning = `warning: image ${IMAGE_ID} at the source: the service hashes with tiger, which cannot be checked here; only the size was compared\n`
      assert.deepEqual([ran.code, ran.stderr], [0, warning])
      const digest = createHash('sha512').update(DATA).digest('hex')
      const given = await copyFrom(withDigest('tiger', '00'), [`sha512=${digest}`])
      assert.deepEqual([given.code, given.stderr], [0, ''])
    })

    it('ends for several images once the target cannot be opened', async () => {
      await add(['name=x'])
      await add(['name=y'])
      const ran = await run(['copy', 'x', 'y', '--to-url', 'http://127.0.0.1:1', '--retries', '0'])
      assert.deepEqual([ran.code, ran.stderr.match(/^glance: /gm)?.length], [6, 1], ran.stderr)
    })

    it('gives up when the source breaks after the target did', async () => {
      const source = await serveImage({data: DATA, breaksAfter: answer => (answer > 1 ? 1000 : undefined)})
      const proxy = await startInterferingProxy(there.port, {watch: cutAt(2 * MIB)})
      const words = ['copy', IMAGE_ID, '--to-url', proxy.url, '--retries', '2']
      const ran = await run(words, {env: {OS_IMAGE_URL: `${source.url}/v2`}})
      await Promise.all([proxy.close(), source.close()])
      assert.deepEqual([ran.code, ran.stderr.match(/sending the data again/g)?.length], [6, 1], ran.stderr)
      assert.match(ran.stderr, /cannot read the data of image/)
      await assertNothingLeft()
    })

    for (const version of ['', '/v1']) {
      it(`sends the data again when the connection to the target broke ${version}`, async () => {
        const id = await add(['name=x'], DATA)
        const proxy = await startInterferingProxy(there.port, {watch: cutAt(2 * MIB)})
        const ran = await run(['copy', id, '--to-url', `${proxy.url}${version}`])
        await proxy.close()
        assert.equal(ran.code, 0, ran.stderr)
        assert.match(ran.stderr, /sending the data again \(1 of 3\)/)
        const copy = await findCopy()
        assert.equal(copy.status, 'active')
        assert.ok((await readData(there.url, copy.id)).equals(DATA))
      })
    }

    it('leaves nothing when the data cannot be sent again', async () => {
      await add(['name=x'], DATA)
      const ran = await copyThrough('target', {watch: cutAt(2 * MIB)}, ['--retries', '0'])
      assert.deepEqual([ran.code, ran.stdout], [6, ''])
      await assertNothingLeft()
    })

    it('leaves nothing when the target stores other data', async () => {
      await add(['name=x'], DATA)
      const ran = await copyThrough('target', {watch: flip(3 * MIB)})
      assert.deepEqual([ran.code, ran.stdout], [7, ''])
      assert.match(ran.stderr, /does not match/)
      await assertNothingLeft()
    })

    it('leaves nothing when it is interrupted, and names the command for what would be left', async () => {
      const source = await serveImage({data: DATA, stopsAfter: () => 2 * MIB})
      const {signal, interrupt} = createInterrupt()
      const lines: (string | undefined)[] = []
      const env = {OS_IMAGE_URL: `${source.url}/v2`}
      const ended = run(['copy', IMAGE_ID, 'there:'], {env, signal, onForcedExit: line => lines.push(line)})
      while ((await list(there.url))[0]?.status !== 'saving');
      interrupt()
      const ran = await ended
      await source.close()
      assert.deepEqual([ran.code, ran.stdout], [130, ''])
      assert.match(lines[0] ?? '', new RegExp(`To delete it, run: glance --os-cloud there delete ${UUID}$`))
      assert.equal(lines.at(-1), undefined)
      await assertNothingLeft()
    })
  })
})

/** Signatures of images: verified while the data arrives, or refused, in both versions of the API. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createServer} from '../../../src/server/server.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {type Served, serve} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'

const DATA = 'the data of an image'
const NOW = new Date()

/** Makes keys, certificates and signatures with openssl, an implementation of others. */
class Signer {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  run(...args: string[]): Buffer {
    return execFileSync('openssl', args, {cwd: this.#folder, stdio: ['ignore', 'pipe', 'ignore']})
  }

  /** A key and a certificate in the folder. @param from that it is valid, in days from now */
  async certify(name: string, algorithm: string[], from = 0, issuer?: string): Promise<void> {
    this.run('genpkey', ...algorithm, '-out', `${name}.key`)
    const usage = name.startsWith('ca') ? 'CA:TRUE' : 'CA:FALSE'
    await writeFile(
      join(this.#folder, 'ca.cnf'),
      `[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n` +
        `unique_subject=no\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nbasicConstraints=${usage}\n` +
        '[req]\ndistinguished_name=n\n[n]\n',
    )
    await writeFile(join(this.#folder, 'index.txt'), '')
    await writeFile(join(this.#folder, 'serial'), '01')
    const config = ['-config', 'ca.cnf']
    this.run('req', '-new', ...config, '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
    const date = (days: number) => {
      const day = new Date(NOW.getTime() + days * 86_400_000)
      return `${day.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`
    }
    const by = issuer === undefined ? ['-selfsign', '-keyfile', `${name}.key`] : []
    const from_ = issuer === undefined ? [] : ['-cert', `${issuer}.pem`, '-keyfile', `${issuer}.key`]
    const dates = ['-startdate', date(from - 2), '-enddate', date(from + 1)]
    this.run(
      'ca',
      '-batch',
      ...config,
      ...by,
      ...from_,
      ...dates,
      '-notext',
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
    )
  }

  /** The signature of `DATA` in base64. */
  async sign(name: string, digest: string, options: readonly string[] = []): Promise<string> {
    await writeFile(join(this.#folder, 'data'), DATA)
    const flags = options.flatMap(option => ['-sigopt', option])
    return this.run('dgst', `-${digest}`, '-sign', `${name}.key`, ...flags, 'data').toString('base64')
  }

  read(name: string): Promise<string> {
    return readFile(join(this.#folder, `${name}.pem`), 'utf8')
  }
}

const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048']
const PSS = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:max']
const toCurve = (name: string) => ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${name}`]

const IDS = {
  rsa: 'aaaaaaaa-0000-4000-8000-000000000001',
  p384: 'aaaaaaaa-0000-4000-8000-000000000002',
  p256: 'aaaaaaaa-0000-4000-8000-000000000003',
  expired: 'aaaaaaaa-0000-4000-8000-000000000004',
  future: 'aaaaaaaa-0000-4000-8000-000000000005',
  stranger: 'aaaaaaaa-0000-4000-8000-000000000006',
  sect571r1: 'aaaaaaaa-0000-4000-8000-000000000007',
  fromOldCa: 'aaaaaaaa-0000-4000-8000-000000000008',
  nested: 'aaaaaaaa-0000-4000-8000-000000000009',
} as const

describe('signatures of images', () => {
  let folder: string
  let signer: Signer
  let service: TestService
  let source: Served

  before(async function () {
    this.timeout(60_000)
    folder = await mkdtemp(join(tmpdir(), 'glance-signatures-'))
    signer = new Signer(folder)
    await mkdir(join(folder, 'certificates'))
    await signer.certify('ca', RSA)
    await signer.certify('ca-old', RSA, -30)
    await signer.certify('ca-nested', RSA, 0, 'ca')
    await signer.certify('rsa', RSA, 0, 'ca')
    await signer.certify('p384', toCurve('P-384'), 0, 'ca')
    await signer.certify('p256', toCurve('P-256'), 0, 'ca')
    await signer.certify('sect571r1', toCurve('sect571r1'), 0, 'ca')
    await signer.certify('expired', RSA, -30, 'ca')
    await signer.certify('future', RSA, 30, 'ca')
    await signer.certify('stranger', RSA)
    await signer.certify('fromOldCa', RSA, 0, 'ca-old')
    await signer.certify('nested', RSA, 0, 'ca-nested')
    for (const [name, id] of Object.entries(IDS)) {
      await writeFile(join(folder, 'certificates', `${id}.pem`), await signer.read(name))
    }
    const authorities = await Promise.all(['ca-old', 'ca-nested', 'ca'].map(name => signer.read(name)))
    await writeFile(join(folder, 'authorities.pem'), authorities.join('\n'))
    const given = give(
      `signature_certificates_dir=${join(folder, 'certificates')}`,
      `signature_ca_file=${join(folder, 'authorities.pem')}`,
    )
    service = await startService({given, fetchFromAnywhere: true, showLocations: true})
    source = await serve((_request, response) => response.end(DATA))
  })
  after(async () => {
    await service.close()
    await source.close()
    await rm(folder, {recursive: true})
  })

  const give = (...assignments: string[]) => new GivenSettings({assignments, env: {}})

  type Properties = Record<string, string>
  interface Options {
    readonly type?: string
    readonly hash?: string
    readonly options?: readonly string[]
  }
  const claim = async (name: keyof typeof IDS, {type = 'RSA-PSS', hash = '256', options}: Options = {}) => ({
    img_signature: await signer.sign(name, `sha${hash}`, options ?? (type === 'RSA-PSS' ? PSS : [])),
    img_signature_hash_method: `SHA-${hash}`,
    img_signature_key_type: type,
    img_signature_certificate_uuid: IDS[name],
  })

  const send = (path: string, init: RequestInit & {readonly duplex?: 'half'}, to = service) =>
    fetch(`${to.url}${path}`, init)
  const create = async (properties: Properties, to = service): Promise<string> => {
    const body = JSON.stringify({disk_format: 'raw', container_format: 'bare', ...properties})
    const {id} = (await (await send('/v2/images', {method: 'POST', body}, to)).json()) as {id: string}
    return id
  }
  const upload = async (properties: Properties, data = DATA, to = service) => {
    const id = await create(properties, to)
    const headers = {'content-type': 'application/octet-stream'}
    const reply = await send(`/v2/images/${id}/file`, {method: 'PUT', headers, body: data}, to)
    const text = (await reply.text()).replaceAll(id, 'ID')
    return {id, code: reply.status, text, status: await readStatus(id, to)}
  }
  const readImage = async (id: string, to = service) =>
    (await (await send(`/v2/images/${id}`, {}, to)).json()) as Record<string, string>
  const readStatus = async (id: string, to = service) => (await readImage(id, to))['status']
  const change = async (id: string, patch: readonly object[]) => {
    const headers = {'content-type': 'application/openstack-images-v2.1-json-patch'}
    const reply = await send(`/v2/images/${id}`, {method: 'PATCH', headers, body: JSON.stringify(patch)})
    assert.equal(reply.status, 200, await reply.text())
  }
  const importInto = async (id: string, method: object) => {
    const body = JSON.stringify({method})
    assert.equal((await send(`/v2/images/${id}/import`, {method: 'POST', body})).status, 202)
    for (;;) {
      const reply = await send(`/v2/images/${id}/tasks`, {})
      const {tasks} = (await reply.json()) as {tasks: {status: string; message: string}[]}
      const [{status, message} = {status: '', message: ''}] = tasks
      if (['success', 'failure'].includes(status)) {
        return [status, message.replaceAll(id, 'ID'), await readStatus(id)]
      }
    }
  }
  const refused = async (properties: Properties, reason: string, data = DATA, to = service) => {
    const {code, text, status, id} = await upload(properties, data, to)
    assert.deepEqual([code, status], [400, 'queued'], text)
    assert.ok(text.includes(`Signature verification failed for image ID: ${reason}`), text)
    assert.ok(!(await to.listStored()).includes(id))
  }

  for (const [name, options] of [
    ['rsa', {hash: '224'}],
    ['rsa', {hash: '256'}],
    ['rsa', {hash: '384'}],
    ['rsa', {hash: '512'}],
    ['p384', {type: 'ECC_SECP384R1', hash: '384'}],
    ['p384', {type: 'ECC_SECP384R1', hash: '512'}],
    ['sect571r1', {type: 'ECC_SECT571R1', hash: '512'}],
    ['nested', {}],
  ] as const) {
    it(`of ${name} are verified (${Object.values(options)})`, async () => {
      const properties = await claim(name, options)
      const {code, text, status} = await upload(properties)
      assert.deepEqual([code, status], [204, 'active'], text)
      await refused(properties, 'the data does not have this signature', `${DATA}.`)
      await refused(properties, 'the data does not have this signature', '')
    })
  }

  it('may be in lines', async () => {
    const properties = await claim('rsa')
    const lines = properties['img_signature']?.replaceAll(/.{64}/g, '$&\n') ?? ''
    assert.equal((await upload({...properties, img_signature: lines})).code, 204)
  })

  for (const [what, name, options, reason] of [
    [
      'salt that is not the longest',
      'rsa',
      {options: ['rsa_padding_mode:pss', 'rsa_pss_saltlen:digest']},
      'the data does not have',
    ],
    ['the old padding of RSA', 'rsa', {options: ['rsa_padding_mode:pkcs1']}, 'the data does not have'],
    [
      'a short curve',
      'p256',
      {type: 'ECC_SECP384R1'},
      'the key of the certificate is not of the stated type and size',
    ],
    [
      'another type of key',
      'p384',
      {options: []},
      'the key of the certificate is not of the stated type and size',
    ],
    ['a certificate that has expired', 'expired', {}, `certificate ${IDS.expired} is not valid at this time`],
    ['a certificate of the future', 'future', {}, `certificate ${IDS.future} is not valid at this time`],
    [
      'a certificate of a stranger',
      'stranger',
      {},
      `certificate ${IDS.stranger} is not issued by a trusted authority`,
    ],
    [
      'an authority that has expired',
      'fromOldCa',
      {},
      `certificate ${IDS.fromOldCa} is not issued by a trusted authority`,
    ],
  ] as const) {
    it(`with ${what} are refused`, async () => refused(await claim(name, options), reason))
  }

  const TYPES =
    'RSA-PSS, ECC_SECP384R1, ECC_SECP521R1, ECC_SECT409K1, ECC_SECT409R1, ECC_SECT571K1, ECC_SECT571R1'
  for (const [change, reason] of [
    [{img_signature_key_type: 'DSA'}, `invalid signature key type DSA: expected ${TYPES}`],
    [
      {img_signature_hash_method: 'MD5'},
      'invalid signature hash method MD5: expected SHA-224, SHA-256, SHA-384, SHA-512',
    ],
    [
      {img_signature_certificate_uuid: '../authorities'},
      'img_signature_certificate_uuid is not a UUID: ../authorities',
    ],
    [
      {img_signature_certificate_uuid: 'aaaaaaaa-0000-4000-8000-0000000000ff'},
      'certificate aaaaaaaa-0000-4000-8000-0000000000ff does not exist',
    ],
    [{img_signature: '%%%'}, 'img_signature is not encoded in base64'],
    [{img_signature: ''}, 'the property img_signature is missing'],
    [{img_signature_hash_method: ''}, 'the property img_signature_hash_method is missing'],
    [{img_signature_key_type: ''}, 'the property img_signature_key_type is missing'],
    [{img_signature_certificate_uuid: ''}, 'the property img_signature_certificate_uuid is missing'],
  ] as const) {
    const [[name, value]] = Object.entries(change) as [[string, string]]
    it(`are refused with the ${name} '${value}'`, async () =>
      refused({...(await claim('rsa')), ...change}, reason))
  }

  it('are refused by a service without certificates', async () => {
    const bare = await startService()
    await refused(
      await claim('rsa'),
      'this service has no certificates: signature_certificates_dir is not set',
      DATA,
      bare,
    )
    await bare.close()
  })

  it('are trusted without authorities, if they are in the folder', async () => {
    const given = give(`signature_certificates_dir=${join(folder, 'certificates')}`)
    const own = await startService({given})
    assert.equal((await upload(await claim('stranger'), DATA, own)).code, 204)
    await refused(await claim('expired'), `certificate ${IDS.expired} is not valid at this time`, DATA, own)
    await own.close()
  })

  it('kill an image of v1 whose data is not genuine', async () => {
    const properties = await claim('rsa')
    const headers: Record<string, string> = {
      'x-image-meta-disk_format': 'raw',
      'x-image-meta-container_format': 'bare',
      'content-type': 'application/octet-stream',
    }
    for (const [name, value] of Object.entries(properties)) headers[`x-image-meta-property-${name}`] = value
    const id = randomUUID()
    headers['x-image-meta-id'] = id
    const bad = await send('/v1/images', {method: 'POST', headers, body: 'other'})
    assert.equal(bad.status, 400)
    assert.match(
      await bad.text(),
      /Signature verification failed for image [-0-9a-f]+: the data does not have this/,
    )
    const killed = await send(`/v1/images/${id}`, {method: 'HEAD'})
    assert.equal(killed.headers.get('x-image-meta-status'), 'killed')
    headers['x-image-meta-id'] = randomUUID()
    const good = await send('/v1/images', {method: 'POST', headers, body: DATA})
    assert.equal(good.status, 201, await good.text())
  })

  it('are verified by imports', async () => {
    const properties = await claim('rsa')
    const importData = async (more: Properties) =>
      importInto(await create({...properties, ...more}), {name: 'web-download', uri: source.url})
    assert.deepEqual(await importData({}), ['success', 'Copied 0 MiB', 'active'])
    const other = await signer.sign('rsa', 'sha512', PSS)
    const message = 'Signature verification failed for image ID: the data does not have this signature'
    assert.deepEqual(await importData({img_signature: other}), ['failure', message, 'queued'])
  })

  it('of staged data may be corrected before its import', async () => {
    const {img_signature: signature, ...rest} = await claim('rsa')
    const id = await create({...rest, img_signature: 'AAAA'})
    const headers = {'content-type': 'application/octet-stream'}
    assert.equal((await send(`/v2/images/${id}/stage`, {method: 'PUT', headers, body: DATA})).status, 204)
    await change(id, [{op: 'replace', path: '/img_signature', value: signature}])
    assert.deepEqual(await importInto(id, {name: 'glance-direct'}), ['success', 'Copied 0 MiB', 'active'])
  })

  it('are refused for data at a location', async () => {
    const id = await create(await claim('rsa'))
    const reason = /Signature verification failed for image .*: data at a location is not verified/
    const patch = [{op: 'add', path: '/locations/-', value: {url: source.url, metadata: {}}}]
    const headers = {'content-type': 'application/openstack-images-v2.1-json-patch'}
    const patched = await send(`/v2/images/${id}`, {method: 'PATCH', headers, body: JSON.stringify(patch)})
    assert.equal(patched.status, 400)
    assert.match(await patched.text(), reason)
    const added = await send(`/v2/images/${id}/locations`, {
      method: 'POST',
      body: JSON.stringify({url: source.url}),
    })
    assert.equal(added.status, 400)
    assert.match(await added.text(), reason)
    assert.equal(await readStatus(id), 'queued')
  })

  it('may be changed and removed once the data is verified, as in Glance', async () => {
    const {id} = await upload(await claim('rsa'))
    await change(id, [
      {op: 'replace', path: '/img_signature', value: 'AAAA'},
      {op: 'remove', path: '/img_signature_key_type'},
    ])
    assert.equal(await readStatus(id), 'active')
  })

  it('must not change while the data arrives', async () => {
    const id = await create({})
    const properties = await claim('rsa')
    let finish = () => {}
    const body = new ReadableStream({
      start: controller => {
        controller.enqueue(Buffer.from(DATA))
        finish = () => controller.close()
      },
    })
    const headers = {'content-type': 'application/octet-stream'}
    const uploading = send(`/v2/images/${id}/file`, {method: 'PUT', headers, body, duplex: 'half'})
    while ((await readStatus(id)) !== 'saving');
    await change(
      id,
      Object.entries(properties).map(([name, value]) => ({op: 'add', path: `/${name}`, value})),
    )
    finish()
    const reply = await uploading
    assert.equal(reply.status, 400)
    assert.match(await reply.text(), /the signature was changed meanwhile/)
    assert.equal(await readStatus(id), 'queued')
  })

  for (const [setting, reason] of [
    ['signature_certificates_dir', 'it is not a folder'],
    ['signature_ca_file', 'no certificates can be read from it'],
  ] as const) {
    it(`end the start with a ${setting} that cannot be used`, async () => {
      const settings = {host: '127.0.0.1', port: 0, dataDir: join(folder, 'none'), shutdownSeconds: 1, pid: 1}
      const given = give(`${setting}=${join(folder, 'data-that-is-not-there')}`)
      const started = createServer({...settings, given}, {log: () => {}, warn: () => {}})
      await assert.rejects(started, ({message, why}: {message: string; why: string}) => {
        assert.equal(message, `cannot use ${setting} ${join(folder, 'data-that-is-not-there')}`)
        assert.equal(why, reason)
        return true
      })
    })
  }
})

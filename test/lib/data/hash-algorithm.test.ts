/** Hash algorithms by the names that services report; the digests are those of Python's hashlib. */
import assert from 'node:assert/strict'
import {Digester} from '../../../src/lib/data/digest.js'
import {reportedDigests, toHashAlgorithm} from '../../../src/lib/data/hash-algorithm.js'
import type {Image} from '../../../src/lib/model/image.js'

/** Algorithm and digest of the bytes 'glance'. */
const DIGESTS: readonly (readonly [string, string])[] = [
  ['md5', 'ffb5ff6434d711e517b939faf00d331c'],
  ['sha1', '0a6ca81d300dbabb82140c80e76039139ef86644'],
  ['sha224', '9634b178635e362034be4098160129c8b0b9e6c44c05c7e3d65d68f7'],
  ['sha256', 'e776a070909341e9f27fd82968a85025f1d944f5bacdbd29e700f74d8a1c39ce'],
  [
    'sha384',
    '2e7fe428b3988bf6f418226d7b68d9733e7b62108bae4ff83d3f44b04d20c1e9b64cfb72f99f9f20188d07020cd4bc79',
  ],
  [
    'sha512',
    '617b64671fca5f1aab1b7ac24f4f2d9715cdc2a2e495d3f317f8e0e32f49bb863810fe77535f64b250d393dd3f6155796a1a4b5942d9305fdba8f0dc75a09485',
  ],
  ['sha512_224', 'd8c4ec7ef8e39a7756f033adf6eb5170a91910af252ba7dd583afe54'],
  ['sha512_256', '0c81ecdb9c6a8ad6145c18c681a35799bc557ea724f6364651326cde4bd3d4ba'],
  ['sha3_224', '25de01f281cc6787985680613b9f516b87589816c5260e611f3f9196'],
  ['sha3_256', 'a45a60f70660d8d21572fe3ea3ecd191503a41be40a390006df8108bcd44b3ab'],
  [
    'sha3_384',
    'fc49d43307c828121c251918bee3aff1a83f4312827cc7c3f6078b7945c7c259306c04089ef17abcafa7cb2ff38d70ef',
  ],
  [
    'sha3_512',
    '85eefb399c3a7594d39297f2d4afef49b41c07f64cd03a337bf466d082060a0d1404567d7f6d07c80857b2cf0da849db6261354b35779c51438fe21a7783f931',
  ],
  [
    'blake2b',
    '75409eaaeec6963c9341798d5cd29645a7a38f858326c72da014538a3dd51b603a2ce0d57e8e2a85ceafeb26a6951d18d7fa04e1dbd4f17b6ad80b50c4248a2a',
  ],
  ['blake2s', '621f97005ec4ecbda571afafa082b50e63ba6b2176cd2d140ef0a64642870fbc'],
  ['shake_128', '8b27644ff2994ce3121dabcdd72c1140243778beaa73adfc'],
  ['shake_256', 'b438d195558cafe290a3a380efa24bcb28b695e753886d85'],
  ['ripemd160', '73287bc65ff39096bee292a380b94e56e38b24be'],
  ['sm3', '5e966d61af5f26a69bec3019eb7d9efdc8ecab78d2a1b96929eb029129df2d55'],
  ['md5-sha1', 'ffb5ff6434d711e517b939faf00d331c0a6ca81d300dbabb82140c80e76039139ef86644'],
]

const MIB = 1024 * 1024

describe('hash algorithms of services', () => {
  for (const [name, digest] of DIGESTS) {
    it(`computes ${name}`, async () => {
      const algorithm = toHashAlgorithm(name, digest) ?? assert.fail()
      const digester = new Digester([algorithm])
      await digester.update(Buffer.from('glance'))
      assert.deepEqual(await digester.digests(), {[algorithm]: digest})
    })
  }

  it('accepts other spellings of a name', () => {
    for (const name of ['SHA512', 'sha-512', 'sha_512']) assert.equal(toHashAlgorithm(name, ''), 'sha512')
    for (const name of ['sha512-256', 'SHA512/256']) assert.equal(toHashAlgorithm(name, ''), 'sha512-256')
  })

  it('does not know other names, nor SHAKE without a digest of whole bytes', () => {
    for (const name of ['', 'sha', 'sha3', 'blake', 'blake3', 'x'])
      assert.equal(toHashAlgorithm(name, 'ab'), undefined)
    for (const digest of ['', 'abc', 'ab'.repeat(1025)])
      assert.equal(toHashAlgorithm('shake_256', digest), undefined)
  })

  it('computes SHAKE in a thread', async () => {
    const digester = new Digester(['shake128/24'])
    for (let n = 0; n < 10; n++) await digester.update(Buffer.alloc(MIB, 7))
    assert.deepEqual(await digester.digests(), {
      'shake128/24': 'db55e435cf396e131893004931eee886d5b5b0f81da9070f',
    })
  })

  it('reports the digests of an image with MD5 first', () => {
    const image = {checksum: 'AB', osHashAlgo: 'blake2s', osHashValue: 'CD'} as Image
    assert.deepEqual(reportedDigests(image), [
      {name: 'md5', algorithm: 'md5', digest: 'ab'},
      {name: 'blake2s', algorithm: 'blake2s256', digest: 'cd'},
    ])
    assert.deepEqual(reportedDigests({...image, checksum: null, osHashAlgo: 'blake3'}), [])
  })
})

/** What the service stored, compared with what was announced and with what was sent. */
import assert from 'node:assert/strict'
import {assertLength, assertStored, type Expectation} from '../../../src/lib/api/upload/verification.js'
import type {Image} from '../../../src/lib/model/image.js'
import {failure} from '../../support/failure.js'

const MD5 = '900150983cd24fb0d6963f7d28e17f72'
const OTHER = '00000000000000000000000000000000'
const image = {id: '1', size: 3, checksum: MD5, diskFormat: 'raw'} as Image
const sent = {size: 3, digests: {md5: MD5, sha512: 'ab', sha256: 'cd'}}

describe('what the service stored', () => {
  const right: readonly [string, Partial<Image>, Expectation][] = [
    ['as announced', {}, {size: 3, checksum: MD5}],
    ['as sent', {osHashAlgo: 'sha512', osHashValue: 'AB'}, {size: 3, checksum: MD5, sent}],
    ['where it tells nothing', {size: null, checksum: null}, {size: 4, checksum: OTHER}],
    ['in capitals', {checksum: MD5.toUpperCase()}, {checksum: MD5, sent}],
    ['hashed in a way that we do not know', {osHashAlgo: 'blake3', osHashValue: 'x'}, {sent}],
    ['hashed with another algorithm and by MD5', {osHashAlgo: 'blake2s', osHashValue: 'ef'}, {sent}],
    ['when nobody says what it must be', {}, {}],
  ]
  for (const [name, told, expectation] of right) {
    it(`is right ${name}`, () => assert.equal(assertStored({...image, ...told}, expectation), undefined))
  }

  const announced = 'the data of image 1 is not what was announced'
  const changed = 'the data of image 1 is not what was sent'
  const wrong: readonly [Partial<Image>, Expectation, string, string][] = [
    [{}, {size: 4}, announced, 'the service stored 3 bytes, 4 were announced'],
    [{}, {size: 4, sent}, announced, 'it has 3 bytes, 4 were announced'],
    [{}, {checksum: OTHER, sent}, announced, `its checksum is ${MD5}, announced was ${OTHER}`],
    [{}, {checksum: OTHER}, announced, `the service computed the checksum ${MD5}, announced was ${OTHER}`],
    [{size: 2}, {sent}, changed, 'the service stored 2 bytes, 3 were sent'],
    [
      {checksum: OTHER},
      {sent},
      changed,
      `the service computed the checksum ${OTHER}, that of what was sent is ${MD5}`,
    ],
    [
      {checksum: null, osHashAlgo: 'sha256', osHashValue: 'ef'},
      {sent},
      changed,
      'the service computed the sha256 ef, that of what was sent is cd',
    ],
  ]
  for (const [told, expectation, what, why] of wrong) {
    it(`is wrong: ${why}`, () => {
      assert.throws(() => assertStored({...image, ...told}, expectation), failure('unverified', what, why))
    })
  }

  const unverified: readonly [Partial<Image>, string][] = [
    [{}, 'the service reports no checksum of this image; only the size was compared'],
    [{size: null}, 'the service reports no checksum of this image; nothing was compared'],
    [
      {osHashAlgo: 'blake3', osHashValue: 'ef'},
      'the service hashes with blake3, which cannot be checked here; only the size was compared',
    ],
    [
      {osHashAlgo: 'blake2s', osHashValue: 'ef'},
      'the service hashes with blake2s, which was not computed while the data was sent; only the size was compared',
    ],
  ]
  for (const [reported, warning] of unverified) {
    it(`is accepted with a warning: ${warning}`, () => {
      assert.equal(assertStored({...image, checksum: null, ...reported}, {sent}), warning)
    })
  }

  it('cannot be compared when the service has converted it', () => {
    assert.equal(
      assertStored({...image, diskFormat: 'qcow2'}, {size: 4, format: 'raw'}),
      'the service has converted the data to qcow2, so it cannot be compared with what was announced',
    )
  })
})

describe('the length of data', () => {
  it('is compared with size= before anything is sent', () => {
    const data = (size?: number) => ({size, repeatable: false, open: () => assert.fail()})
    assertLength(data(3), {size: 3, properties: {}})
    assertLength(data(), {size: 3, properties: {}})
    assertLength(data(3), {properties: {}})
    assert.throws(() => assertLength(data(3), {size: 4, properties: {}}), {kind: 'unverified'})
  })
})

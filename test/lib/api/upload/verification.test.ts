/** Checks of the stored data against the announced and the sent data. */
import assert from 'node:assert/strict'
import {assertLength, assertStored, type Expectation} from '../../../../src/lib/api/upload/verification.js'
import type {Image} from '../../../../src/lib/model/image.js'
import {failure} from '../../../support/failure.js'

const MD5 = '900150983cd24fb0d6963f7d28e17f72'
const OTHER = '00000000000000000000000000000000'
const image = {id: '1', size: 3, checksum: MD5, diskFormat: 'raw'} as Image
const sent = {size: 3, digests: {md5: MD5, sha512: 'ab', sha256: 'cd'}}

describe('what the service stored', () => {
  const right: readonly [string, Partial<Image>, Expectation][] = [
    ['as announced', {}, {size: 3, digests: {md5: MD5}}],
    ['as sent', {osHashAlgo: 'sha512', osHashValue: 'AB'}, {size: 3, digests: {md5: MD5}, sent}],
    ['in upper case', {checksum: MD5.toUpperCase()}, {digests: {md5: MD5}, sent}],
    ['with the announced SHA-256', {osHashAlgo: 'sha256', osHashValue: 'CD'}, {digests: {sha256: 'cd'}}],
    ['with an unknown hash', {osHashAlgo: 'blake3', osHashValue: 'x'}, {sent}],
    ['with another algorithm and with MD5', {osHashAlgo: 'blake2s', osHashValue: 'ef'}, {sent}],
    ['when nothing was announced', {}, {}],
  ]
  for (const [name, fields, expectation] of right) {
    it(`is accepted ${name}`, () => assert.equal(assertStored({...image, ...fields}, expectation), undefined))
  }

  it('is accepted with a warning when it shows nothing that was announced', () => {
    assert.equal(
      assertStored({...image, size: null, checksum: null}, {size: 4, digests: {md5: OTHER, sha256: 'cd'}}),
      'checksum and sha256 could not be compared: the service does not report it, and the data was not sent from here',
    )
  })

  const announced = 'the data of image 1 does not match the announced size or checksum'
  const changed = 'the data of image 1 does not match the data that was sent'
  const wrong: readonly [Partial<Image>, Expectation, string, string][] = [
    [{}, {size: 4}, announced, 'the service stored 3 bytes, expected 4'],
    [{}, {size: 4, sent}, announced, 'it has 3 bytes, expected 4'],
    [{}, {digests: {sha256: 'dd'}, sent}, announced, 'its sha256 is cd, expected dd'],
    [
      {osHashAlgo: 'sha256', osHashValue: 'ef'},
      {digests: {sha256: 'dd'}},
      announced,
      'the service computed the sha256 ef, expected dd',
    ],
    [{}, {digests: {md5: OTHER}, sent}, announced, `its checksum is ${MD5}, expected ${OTHER}`],
    [{}, {digests: {md5: OTHER}}, announced, `the service computed the checksum ${MD5}, expected ${OTHER}`],
    [{size: 2}, {sent}, changed, 'the service stored 2 bytes, expected 3'],
    [{checksum: OTHER}, {sent}, changed, `the service computed the checksum ${OTHER}, expected ${MD5}`],
    [
      {checksum: null, osHashAlgo: 'sha256', osHashValue: 'ef'},
      {sent},
      changed,
      'the service computed the sha256 ef, expected cd',
    ],
  ]
  for (const [fields, expectation, what, why] of wrong) {
    it(`is rejected: ${why}`, () => {
      assert.throws(() => assertStored({...image, ...fields}, expectation), failure('unverified', what, why))
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
      'the service has converted the data to qcow2, so it cannot be verified',
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

/** Metadata in HTTP headers, and values that are refused because headers cannot carry them. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import {draftHeaders, imageFromHeaders} from '../../../../src/lib/api/v1/headers.js'
import {decodeHeaderText, encodeHeaderText} from '../../../../src/lib/http/header-text.js'
import {ReplyHeaders} from '../../../../src/lib/http/message.js'
import {Failure} from '../../../../src/lib/model/errors.js'

describe('metadata in headers', () => {
  it('writes every field', () => {
    const draft = {
      id: 'i',
      name: 'n',
      isPublic: false,
      protected: true,
      diskFormat: 'raw',
      containerFormat: 'ovf',
      minRam: 1,
      minDisk: 2,
      owner: 'o',
      size: 3,
      checksum: 'ABC',
      location: 'http://l',
      copyFrom: 'http://c',
      properties: {P: 'v'},
    }
    assert.deepEqual(draftHeaders(draft), {
      'x-image-meta-id': 'i',
      'x-image-meta-name': 'n',
      'x-image-meta-is_public': 'False',
      'x-image-meta-protected': 'True',
      'x-image-meta-disk_format': 'raw',
      'x-image-meta-container_format': 'ovf',
      'x-image-meta-min_ram': '1',
      'x-image-meta-min_disk': '2',
      'x-image-meta-owner': 'o',
      'x-image-meta-size': '3',
      'x-image-meta-checksum': 'abc',
      'x-image-meta-location': 'http://l',
      'x-glance-api-copy-from': 'http://c',
      'x-image-meta-property-p': 'v',
    })
  })

  it('clears with null, and omits what is absent', () => {
    assert.deepEqual(draftHeaders({name: null, properties: {}}), {'x-image-meta-name': ''})
  })

  it('refuses the fields of version 2', () => {
    assert.throws(() => draftHeaders({visibility: 'public', properties: {}}), {
      message: 'Image API v1 does not support visibility; use is_public=',
    })
    assert.throws(() => draftHeaders({osHidden: true, properties: {}}), {
      message: 'Image API v1 does not support os_hidden',
    })
  })

  it('ignores headers named like the fields that only drafts have', () => {
    const headers = new ReplyHeaders({'x-image-meta-status': 'active', 'x-image-meta-copy_from': 'http://c'})
    assert.equal('copyFrom' in imageFromHeaders(headers, '7', 'http://h'), false)
  })

  it('normalizes the names of properties as servers do (wire/v1.md#l22, #l23, #l24, #l25)', () => {
    assert.deepEqual(draftHeaders({properties: {'OS-Distro': 'x'}}), {'x-image-meta-property-os_distro': 'x'})
  })

  const refused: [string, Parameters<typeof draftHeaders>[0], RegExp][] = [
    ['a line break', {name: 'a\nb', properties: {}}, /line break or another control character/],
    ['a carriage return', {properties: {p: 'a\rb'}}, /control character/],
    ['NUL', {properties: {p: 'a\0b'}}, /control character/],
    ['an escape', {properties: {p: '\u001b[31m'}}, /control character/],
    ['leading white space', {name: ' a', properties: {}}, /white space at its beginning or end/],
    ['trailing white space', {properties: {p: 'a\t'}}, /white space at its beginning or end/],
    ['half a character', {name: 'a\ud800', properties: {}}, /not valid text/],
    ['a space in the name of a property', {properties: {'a b': 'v'}}, /ASCII letters, digits and/],
    ['a property name outside ASCII', {properties: {été: 'v'}}, /ASCII letters, digits and/],
    ['a colon in the name of a property', {properties: {'a:b': 'v'}}, /ASCII letters, digits and/],
    ['a property without a name', {properties: {'': 'v'}}, /ASCII letters, digits and/],
    ['two names that servers treat as one', {properties: {'a-b': '1', A_B: '2'}}, /both are 'a_b'/],
  ]
  for (const [what, draft, why] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => draftHeaders(draft),
        (error: Failure) => {
          assert.ok(error instanceof Failure)
          assert.equal(error.kind, 'usage')
          assert.match(error.why ?? '', why)
          return true
        },
      )
    })
  }

  it('accepts a tab and unusual characters inside a value, as servers do', () => {
    const value = 'a\tb "c\\" <b>& ,;= %C3%A9'
    assert.equal(draftHeaders({properties: {p: value}})['x-image-meta-property-p'], value)
  })

  it('ignores headers it does not know, and reads dashes as underscores', () => {
    const headers = new ReplyHeaders({
      'x-image-meta-is-public': 'true',
      'x-image-meta-frobnicate': '1',
      'x-image-meta-min-ram': '512',
      'x-image-meta-size': 'many',
      'x-other': '2',
      'content-length': '0',
    })
    const image = imageFromHeaders(headers, '7', 'http://h')
    assert.deepEqual(
      [image.id, image.isPublic, image.minRam, image.size, image.status],
      ['7', true, 512, null, 'unknown'],
    )
    assert.equal('frobnicate' in image, false)
  })

  it('preserves any text through a server that keeps its bytes', () => {
    const value = fc
      .string({unit: 'grapheme'})
      .filter(text => text === text.trim() && !/[\p{Cc}]/u.test(text))
    fc.assert(
      fc.property(value, text => {
        const sent = draftHeaders({properties: {p: text}})['x-image-meta-property-p'] ?? ''
        const headers = new ReplyHeaders({'x-image-meta-property-p': encodeHeaderText(sent)})
        assert.deepEqual(imageFromHeaders(headers, '7', '').properties, {p: text === '' ? null : text})
      }),
    )
  })
})

describe('text read from headers', () => {
  it('is UTF-8 when its bytes are, else Latin-1', () => {
    assert.equal(decodeHeaderText('caf\u00c3\u00a9 \u00e6\u0097\u00a5\u00e6\u009c\u00ac'), 'café 日本')
    assert.equal(decodeHeaderText('caf\u00e9'), 'café')
    assert.equal(decodeHeaderText('plain'), 'plain')
  })

  it('is unchanged when JSON carried real characters', () => {
    assert.equal(decodeHeaderText('日本'), '日本')
    assert.equal(decodeHeaderText('Ünïcödé'), 'Ünïcödé')
    assert.equal(decodeHeaderText('日本 \u00c3\u00a9'), '日本 \u00c3\u00a9')
  })

  it('survives a server that reads the bytes as Latin-1 and writes JSON (wire/v1.md#l1)', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme'}), text => {
        if (decodeHeaderText(text) === text) assert.equal(decodeHeaderText(encodeHeaderText(text)), text)
      }),
    )
  })
})

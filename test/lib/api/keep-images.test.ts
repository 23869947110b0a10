/** Pages of lists that are filtered after the reply of the service. */
import assert from 'node:assert/strict'
import {fetchMatches, keepByTime} from '../../../src/lib/api/keep-images.js'
import type {Image, Page} from '../../../src/lib/model/image.js'
import type {Comparison} from '../../../src/lib/model/list-query.js'

const image = (id: string, more: Partial<Image> = {}): Image => ({
  ...{id, uri: '', name: 'n', status: 'active', isPublic: false, owner: null, diskFormat: null},
  ...{containerFormat: null, size: 1, checksum: null, minRam: null, minDisk: null},
  ...{createdAt: null, updatedAt: null, properties: {}},
  ...more,
})

describe('a page of matches', () => {
  const page = {images: ['1', '2', '3', '4', '5'].map(id => image(id)), next: '5'}

  /** The ids and the next marker, and the number of images that the service was asked for. */
  async function fetch(limit: number | undefined, wanted: string | undefined, served: Page<Image> = page) {
    const limits: (number | undefined)[] = []
    const predicates = wanted === undefined ? [] : [({id}: Image) => wanted.includes(id)]
    const {images, next} = await fetchMatches({predicates}, limit, async given => {
      limits.push(given)
      return served
    })
    return [images.map(({id}) => id).join(''), next, limits]
  }

  it('is the page of the service without a predicate', async () => {
    assert.deepEqual(await fetch(5, undefined), ['12345', '5', [5]])
    assert.deepEqual(await fetch(undefined, undefined), ['12345', '5', [undefined]])
  })

  it('requests more images than it may return, and starts the next page after the last of them', async () => {
    assert.deepEqual(await fetch(2, '134'), ['13', '3', [500]])
    assert.deepEqual(await fetch(1, '5'), ['5', '5', [500]])
  })

  it('is longer than the limit where the service cannot continue after the image at it', async () => {
    const fetchEnd = async (ends: string) => {
      const rules = {predicates: [({id}: Image) => id !== '2'], canEnd: ({id}: Image) => ends.includes(id)}
      const {images, next} = await fetchMatches(rules, 2, async () => page)
      return [images.map(({id}) => id).join(''), next]
    }
    assert.deepEqual(await fetchEnd('14'), ['134', '4'])
    assert.deepEqual(await fetchEnd('1'), ['1345', '5'])
  })

  it('may be empty without being the last one', async () => {
    assert.deepEqual(await fetch(2, ''), ['', '5', [500]])
  })

  it('is the last one if the page of the service is, and nothing is left of it', async () => {
    const last = {images: page.images}
    assert.deepEqual(await fetch(2, '13', last), ['13', undefined, [500]])
    assert.deepEqual(await fetch(1, '13', last), ['1', '1', [500]])
  })

  it('requests as many images as the caller wants', async () => {
    assert.deepEqual(await fetch(1000, '1'), ['1', '5', [1000]])
    assert.deepEqual(await fetch(undefined, '12'), ['12', '5', [500]])
  })
})

describe('a limit of a time', () => {
  const before = '2026-01-30T23:59:59Z'
  const at = '2026-01-31T00:00:00'
  const after = '2026-01-31T00:00:00.000001Z'
  const rows: readonly (readonly [Comparison, string])[] = [
    ['eq', 'at'],
    ['neq', 'before after'],
    ['gt', 'after'],
    ['gte', 'at after'],
    ['lt', 'before'],
    ['lte', 'before at'],
  ]
  for (const [comparison, kept] of rows) {
    it(`${comparison} keeps images ${kept}`, () => {
      const [keep] = keepByTime('createdAt', [{comparison, time: '2026-01-31'}])
      const names = Object.entries({before, at, after: after.replace('.000001', '.001')})
        .filter(([, createdAt]) => keep?.(image('1', {createdAt})))
        .map(([name]) => name)
      assert.equal(names.join(' '), kept)
    })
  }

  it('is in UTC, in each notation', () => {
    for (const time of [
      '2026-01-31T10:00:00',
      '2026-01-31 10:00',
      '2026-01-31T11:00:00+01:00',
      '2026-01-31T10:00Z',
    ]) {
      const [keep] = keepByTime('updatedAt', [{comparison: 'eq', time}])
      assert.equal(keep?.(image('1', {updatedAt: '2026-01-31T10:00:00Z'})), true, time)
      assert.equal(keep?.(image('1', {updatedAt: '2026-01-31T10:00:00.000000'})), true, time)
    }
  })

  it('is not met by an image without the time', () => {
    const [keep] = keepByTime('createdAt', [{comparison: 'neq', time: '2026-01-31'}])
    assert.equal(keep?.(image('1')), false)
  })
})

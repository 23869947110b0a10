/** The store in S3 on a real S3, which S3_URL, S3_ACCESS_KEY and S3_SECRET_KEY name. */
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {openS3Store} from '../../src/server/stores/s3/open-s3.js'
import {S3Store} from '../../src/server/stores/s3/s3-store.js'
import {storeContract} from '../contract/store.contract.js'
import {useS3} from '../support/s3-lab.js'

const MiB = 1024 * 1024
/** As data of many GiB is stored. */
const JOINED = {getSize: () => 5 * MiB, plainParts: 1, joinedParts: 2}

describe('store in a real S3', () => {
  const lab = useS3()

  const open = async () => {
    await lab().empty()
    return openS3Store(lab().settings())
  }
  const openJoining = async () => {
    await lab().empty()
    const {bucket, bucketName} = lab()
    return new S3Store({bucket, bucketName, sizes: JOINED, hashAlgo: 'sha512'})
  }

  storeContract('S3', async () => ({store: await open(), count: () => lab().count()}))
  storeContract('S3, in joined parts', async () => ({
    store: await openJoining(),
    count: () => lab().count(),
  }))

  it('joins parts by a copy in S3, and reads ranges over their borders', async () => {
    const store = await openJoining()
    const bytes = randomBytes(38 * MiB + 1)
    const {location, hashValue} = await store.put('a', Readable.from([bytes]))
    assert.equal(hashValue, createHash('sha512').update(bytes).digest('hex'))
    assert.ok((await buffer((await store.get(location)).data)).equals(bytes))
    for (const [first, last] of [
      [0, 0],
      [5 * MiB - 1, 15 * MiB],
      [35 * MiB - 1, 38 * MiB],
      [38 * MiB, 38 * MiB],
    ] as const) {
      const {data, size} = await store.get(location, {first, last})
      assert.equal(size, 38 * MiB + 1)
      assert.ok((await buffer(data)).equals(bytes.subarray(first, last + 1)), `${first}-${last}`)
    }
    assert.equal(await lab().count(), 1)
  })

  it('deletes and sweeps what a dead process left', async () => {
    const store = await open()
    for (const key of ['a', 'b', 'c']) {
      const uploadId = await lab().bucket.startUpload(key)
      await lab().bucket.putPart({key, uploadId, number: 1}, Buffer.from('x'))
    }
    assert.equal(await store.delete(store.locate('a')), true)
    assert.equal(await store.delete(store.locate('a')), false)
    assert.equal(await store.sweep(async keys => keys.filter(key => key === 'b')), 1)
    const {uploads} = await lab().list()
    assert.deepEqual(
      uploads.map(({key}) => key),
      ['c'],
    )
  })

  it('has keys that are escaped', async () => {
    const store = await open()
    const {location} = await store.put('Image?1 é%+', Readable.from([Buffer.from('x')]))
    assert.equal(location, `s3://${lab().bucketName}/Image%3F1%20%C3%A9%25%2B`)
    assert.equal((await buffer((await store.get(location)).data)).toString(), 'x')
    const asked: string[] = []
    await store.sweep(async keys => {
      asked.push(...keys)
      return keys
    })
    assert.deepEqual(asked, ['Image?1 é%+'])
    assert.equal(await lab().count(), 0)
  })

  describe('at start', () => {
    const refuse = async (more: Readonly<Record<string, string>>) => {
      const failure = await openS3Store(lab().settings(more)).catch(error => error)
      const {kind, message, why, advice} = failure
      assert.doesNotMatch(JSON.stringify([failure, String(failure.stack)]), /wrong-secret/)
      return [kind, message, why, advice]
    }

    it('refuses a wrong secret key, and a wrong access key', async () => {
      const message = `cannot use the bucket '${lab().bucketName}' in S3`
      assert.deepEqual(await refuse({s3_store_secret_key: 'wrong-secret'}), [
        'denied',
        message,
        'it answered 403 (SignatureDoesNotMatch)',
        'Check s3_store_secret_key, and s3_store_access_key too (GLANCE_S3_STORE_ACCESS_KEY and GLANCE_S3_STORE_SECRET_KEY).',
      ])
      const [kind, ...rest] = await refuse({s3_store_access_key: 'nosuch:user'})
      assert.equal(kind, 'denied', rest.join())
    })

    it('refuses a bucket that does not exist', async () => {
      assert.deepEqual(await refuse({s3_store_bucket: 'glance-test-absent'}), [
        'usage',
        "the bucket 'glance-test-absent' does not exist in S3",
        undefined,
        'Create it, name another with s3_store_bucket, or set s3_store_create_bucket_on_put.',
      ])
    })
  })
})

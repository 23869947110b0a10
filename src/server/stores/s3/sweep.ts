/** Finds and deletes what interrupted uploads and deletions left in a bucket. */
import {isDataKey} from '../data-key.js'
import type {FindUnused} from '../store.js'
import type {S3Bucket, UnfinishedUpload} from './bucket.js'
import {JOINED_SUFFIX} from './object-sink.js'

/** Milliseconds without a new part after which an upload is given up, whatever the registry knows. */
const DAY = 86_400_000

/** What is in use. */
export interface SweepOptions {
  readonly findUnused: FindUnused
  /** True for a key that this process is writing: it removes what it wrote itself. */
  readonly isArriving: (key: string) => boolean
}

/**
 * Deletes objects that are not used, and aborts uploads to them; also uploads that got no part for a day, if their key is
 * one of an image: the bucket may have other users.
 * @returns the number of objects and uploads
 * @throws the first error of a deletion, after all others
 */
export async function sweepBucket(bucket: S3Bucket, {findUnused, isArriving}: SweepOptions): Promise<number> {
  const failures: unknown[] = []
  let removed = 0
  const attempt = async (remove: () => Promise<boolean>) => {
    try {
      if (await remove()) removed += 1
    } catch (error) {
      if (failures.length === 0) failures.push(error)
    }
  }
  const find = async (names: readonly string[]) => {
    const unused = await findUnused([...new Set(names.map(toKey))])
    return new Set(unused.filter(key => !isArriving(key)))
  }
  for await (const uploads of bucket.listUploads()) {
    const unused = await find(uploads.map(({key}) => key))
    for (const upload of uploads) {
      const key = toKey(upload.key)
      await attempt(async () => {
        const isLeft = unused.has(key) || (!isArriving(key) && (await isAbandoned(bucket, upload)))
        return isLeft && bucket.abortUpload(upload.key, upload.uploadId)
      })
    }
  }
  for await (const names of bucket.listKeys()) {
    const unused = await find(names)
    for (const name of names) {
      await attempt(async () => {
        const isLeft = unused.has(toKey(name)) || (await isLeftover(bucket, name))
        if (isLeft) await bucket.delete(name)
        return isLeft
      })
    }
  }
  if (failures.length > 0) throw failures[0]
  return removed
}

async function isAbandoned(bucket: S3Bucket, upload: UnfinishedUpload): Promise<boolean> {
  const isOld = (time: Date) => time.getTime() < Date.now() - DAY
  return isDataKey(toKey(upload.key)) && isOld(upload.initiated) && isOld(await bucket.findLastChange(upload))
}

/** True for joined parts of an object that is complete. */
async function isLeftover(bucket: S3Bucket, name: string): Promise<boolean> {
  return name.endsWith(JOINED_SUFFIX) && (await bucket.getSize(toKey(name))) !== undefined
}

function toKey(name: string): string {
  return name.endsWith(JOINED_SUFFIX) ? name.slice(0, -JOINED_SUFFIX.length) : name
}

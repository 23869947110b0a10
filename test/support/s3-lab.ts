/** A real S3 for tests, named by S3_URL, S3_ACCESS_KEY and S3_SECRET_KEY: a bucket of their own, which is deleted afterwards. */
import {randomBytes} from 'node:crypto'
import {DeleteBucketCommand, type S3Client} from '@aws-sdk/client-s3'
import {type FindValue, readSettings} from '../../src/server/settings/setting.js'
import {S3_STORE} from '../../src/server/settings/tables/stores.js'
import {S3Bucket, type UnfinishedUpload} from '../../src/server/stores/s3/bucket.js'
import {createClient, openS3Store} from '../../src/server/stores/s3/open-s3.js'

const {S3_URL, S3_ACCESS_KEY = 'test:tester', S3_SECRET_KEY = 'testing'} = process.env

/** Settings by name. */
export type S3Values = Readonly<Record<string, string>>

export interface S3Lab {
  readonly client: S3Client
  readonly bucketName: string
  readonly bucket: S3Bucket
  /** Settings of a store in the bucket, as the values of an operator; those that are passed go before. */
  settings(more?: S3Values): FindValue
  /** Deletes all objects, and ends all uploads. */
  empty(): Promise<void>
  /** Objects and unfinished uploads. */
  list(): Promise<{keys: readonly string[]; uploads: readonly UnfinishedUpload[]}>
  count(): Promise<number>
}

/** Skips the tests of a suite without an S3. */
export function useS3(): () => S3Lab {
  let lab: S3Lab | undefined
  before(async function () {
    if (S3_URL === undefined) this.skip()
    lab = await openLab()
  })
  after(async () => {
    await lab?.empty()
    await lab?.client.send(new DeleteBucketCommand({Bucket: lab.bucketName}))
  })
  return () => lab!
}

async function openLab(): Promise<S3Lab> {
  const bucketName = `glance-test-${randomBytes(6).toString('hex')}`
  const settings = (more: S3Values = {}) => find({s3_store_bucket: bucketName, ...more})
  await openS3Store(settings({s3_store_create_bucket_on_put: 'true'}))
  const client = await createClient(readSettings(S3_STORE, settings()))
  const bucket = new S3Bucket(client, bucketName)
  const list = async () => {
    const keys: string[] = []
    const uploads: UnfinishedUpload[] = []
    for await (const page of bucket.listKeys()) keys.push(...page)
    for await (const page of bucket.listUploads()) uploads.push(...page)
    return {keys, uploads}
  }
  const empty = async () => {
    const {keys, uploads} = await list()
    for (const key of keys) await bucket.delete(key)
    for (const {key, uploadId} of uploads) await bucket.abortUpload(key, uploadId)
  }
  const count = async () => {
    const {keys, uploads} = await list()
    return keys.length + uploads.length
  }
  return {client, bucketName, bucket, settings, empty, list, count}
}

function find(more: S3Values): FindValue {
  const values: S3Values = {
    s3_store_host: S3_URL ?? '',
    s3_store_access_key: S3_ACCESS_KEY,
    s3_store_secret_key: S3_SECRET_KEY,
    ...more,
  }
  return name => (values[name] === undefined ? undefined : {text: values[name], from: 'the test'})
}

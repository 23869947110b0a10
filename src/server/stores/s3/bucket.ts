/** Requests to one bucket of S3. */
import type {Readable} from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import {type ByteRange, StoreMissing, StoreUnavailable} from '../store.js'
import {readProblem, toStoreError} from './errors.js'

/** An upload in parts that has not ended. */
export interface UnfinishedUpload {
  readonly key: string
  readonly uploadId: string
  /** When it began. */
  readonly initiated: Date
}

/** A part of an upload; numbers begin with 1. */
export interface PartAddress {
  readonly key: string
  readonly uploadId: string
  readonly number: number
}

/**
 * Not named Bucket, like a key in its requests: TypeScript 7.0 renames such keys in methods of a class of that name.
 *
 * Methods throw `StoreUnavailable`, or an error of code ENOSPC when S3 is full. ETags name parts, and are not believed otherwise.
 */
export class S3Bucket {
  readonly #client: S3Client
  readonly #name: string

  constructor(client: S3Client, name: string) {
    this.#client = client
    this.#name = name
  }

  /** Bytes of an object; undefined if there is none. */
  async getSize(key: string): Promise<number | undefined> {
    const found = await this.#unlessMissing(
      this.#client.send(new HeadObjectCommand({Bucket: this.#name, Key: key})),
    )
    return found?.ContentLength
  }

  /** Opens an object. @returns its data, and the bytes of the whole object @throws StoreMissing */
  async open(key: string, range?: ByteRange): Promise<{body: Readable; size: number}> {
    const part = range === undefined ? {} : {Range: `bytes=${range.first}-${range.last}`}
    const reply = await this.#run(
      this.#client.send(new GetObjectCommand({Bucket: this.#name, Key: key, ...part})),
    )
    const total = /\/(\d+)$/.exec(reply.ContentRange ?? '')?.[1]
    const size = range === undefined ? reply.ContentLength : total && Number(total)
    const body = reply.Body as Readable
    if (typeof size === 'number') return {body, size}
    body.destroy()
    throw new StoreUnavailable('S3 does not state the size of the data')
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    const command = new PutObjectCommand({...this.#binary(key), Body: bytes, ContentLength: bytes.length})
    await this.#run(this.#client.send(command))
  }

  /** Deletes an object, if there is one. */
  async delete(key: string): Promise<void> {
    const command = new DeleteObjectCommand({Bucket: this.#name, Key: key})
    await this.#unlessMissing(this.#client.send(command))
  }

  /** Keys of all objects, up to 1000 at a time. */
  async *listKeys(): AsyncGenerator<readonly string[]> {
    let next: string | undefined
    do {
      const command = new ListObjectsV2Command({Bucket: this.#name, ContinuationToken: next})
      const page = await this.#run(this.#client.send(command))
      yield (page.Contents ?? []).flatMap(({Key}) => Key ?? [])
      next = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (next !== undefined)
  }

  /** Starts an upload in parts. @returns its id */
  async startUpload(key: string): Promise<string> {
    const {UploadId} = await this.#run(this.#client.send(new CreateMultipartUploadCommand(this.#binary(key))))
    if (UploadId) return UploadId
    throw new StoreUnavailable('S3 started an upload without an id')
  }

  /** Stores a part. @returns its ETag */
  async putPart(address: PartAddress, bytes: Buffer): Promise<string> {
    const body = {Body: bytes, ContentLength: bytes.length}
    const command = new UploadPartCommand({...this.#toPart(address), ...body})
    return requireEtag(await this.#run(this.#client.send(command)))
  }

  /** Makes a copy of an object a part, without transferring it. @returns the ETag of the part */
  async copyPart(address: PartAddress, source: string): Promise<string> {
    const from = {CopySource: `${this.#name}/${encodeURIComponent(source)}`}
    const command = new UploadPartCopyCommand({...this.#toPart(address), ...from})
    const {CopyPartResult} = await this.#run(this.#client.send(command))
    return requireEtag(CopyPartResult)
  }

  /** Makes an object of the parts. Resolves also if the upload is gone, as after a response that was lost: look at the object. */
  async completeUpload(key: string, uploadId: string, etags: readonly string[]): Promise<void> {
    const Parts = etags.map((ETag, index) => ({ETag, PartNumber: index + 1}))
    const upload = {Bucket: this.#name, Key: key, UploadId: uploadId, MultipartUpload: {Parts}}
    await this.#unlessGone(this.#client.send(new CompleteMultipartUploadCommand(upload)))
  }

  /** Deletes the parts of an upload. Call it after all requests for parts have ended. @returns false if it was gone */
  async abortUpload(key: string, uploadId: string): Promise<boolean> {
    const upload = {Bucket: this.#name, Key: key, UploadId: uploadId}
    const reply = await this.#unlessGone(this.#client.send(new AbortMultipartUploadCommand(upload)))
    return reply !== undefined
  }

  /** Uploads that have not ended, up to 1000 at a time. @param prefix of their keys */
  async *listUploads(prefix = ''): AsyncGenerator<readonly UnfinishedUpload[]> {
    let marker: {KeyMarker?: string; UploadIdMarker?: string} | undefined = {}
    while (marker !== undefined) {
      const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
        Bucket: this.#name,
        Prefix: prefix,
        ...marker,
      })
      const page = await this.#run(this.#client.send(command))
      yield (page.Uploads ?? []).flatMap(({Key, UploadId, Initiated}) =>
        Key && UploadId ? {key: Key, uploadId: UploadId, initiated: Initiated ?? new Date()} : [],
      )
      const {NextKeyMarker: KeyMarker = '', NextUploadIdMarker: UploadIdMarker = ''} = page
      marker = page.IsTruncated && KeyMarker ? {KeyMarker, UploadIdMarker} : undefined
    }
  }

  /** When the last part of an upload arrived, as far as the first 1000 parts tell; when it began, if there is none. */
  async findLastChange({key, uploadId, initiated}: UnfinishedUpload): Promise<Date> {
    const upload = {Bucket: this.#name, Key: key, UploadId: uploadId}
    const page = await this.#unlessGone(this.#client.send(new ListPartsCommand(upload)))
    const times = (page?.Parts ?? []).map(({LastModified}) => LastModified?.getTime() ?? 0)
    return new Date(Math.max(initiated.getTime(), ...times))
  }

  #binary(key: string) {
    return {Bucket: this.#name, Key: key, ContentType: 'application/octet-stream'}
  }

  #toPart({key, uploadId, number}: PartAddress) {
    return {Bucket: this.#name, Key: key, UploadId: uploadId, PartNumber: number}
  }

  async #run<T>(reply: Promise<T>): Promise<T> {
    return reply.catch(error => {
      throw toStoreError(error)
    })
  }

  async #unlessMissing<T>(reply: Promise<T>): Promise<T | undefined> {
    return this.#run(reply).catch(error => {
      if (error instanceof StoreMissing) return undefined
      throw error
    })
  }

  /** Undefined for an upload that S3 does not know. */
  async #unlessGone<T>(reply: Promise<T>): Promise<T | undefined> {
    return reply.catch(error => {
      if (readProblem(error).code === 'NoSuchUpload') return undefined
      throw toStoreError(error)
    })
  }
}

function requireEtag(part: {readonly ETag?: string | undefined} | undefined): string {
  if (part?.ETag) return part.ETag
  throw new StoreUnavailable('S3 stored a part without an ETag')
}

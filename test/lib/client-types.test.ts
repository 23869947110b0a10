/** The types of the library, checked by the compiler; nothing here is sent. */
import type {FileHandle} from 'node:fs/promises'
import type {Readable} from 'node:stream'
import type {ReadableStream} from 'node:stream/web'
import {expectTypeOf} from 'expect-type'
import {
  Client,
  type ClientOptions,
  type CloudOptions,
  type Data,
  type Failure,
  type FailureKind,
  type Image,
  type ImageList,
  type ImageMeta,
  type ImageRef,
  type ImageSummary,
  type ImageWithData,
  isFailure,
  type Member,
  type Operations,
  type Page,
  type QuotaUsage,
  type ReachedState,
  type ServiceStore,
  type ServiceTask,
  type SharedImage,
  type StagingOptions,
  type StoreWaitOptions,
} from '../../src/lib/client.js'

describe('the types of the library', () => {
  it('describe the ways to a service', () => {
    expectTypeOf(new Client()).toEqualTypeOf<Client>()
    expectTypeOf(Client).toBeConstructibleWith('glance.example.com', 9292)
    expectTypeOf(Client).toBeConstructibleWith('https://glance.example.com')
    expectTypeOf(Client).toBeConstructibleWith({host: 'h', token: 't', tls: {ca: '/ca.pem'}, logger: console})
    expectTypeOf(Client.fromCloud).parameters.toEqualTypeOf<
      [name: string, options?: CloudOptions | undefined]
    >()
    expectTypeOf(Client.fromEnvironment).returns.toEqualTypeOf<Client>()
  })

  it('give a client few options', () => {
    type Name = keyof ClientOptions
    expectTypeOf<Name>().toEqualTypeOf<
      | 'url'
      | 'host'
      | 'port'
      | 'ssl'
      | 'token'
      | 'version'
      | 'tls'
      | 'timeoutSeconds'
      | 'retries'
      | 'signal'
      | 'logger'
    >()
  })

  it('describe what version 2 has beyond images', () => {
    expectTypeOf<Client['operations']>().toEqualTypeOf<Operations>()
    expectTypeOf<Operations['getStores']>().returns.resolves.toEqualTypeOf<readonly ServiceStore[]>()
    expectTypeOf<Operations['copyToStores']>().parameters.toEqualTypeOf<
      [image: ImageRef, stores?: readonly string[] | undefined, options?: StoreWaitOptions | undefined]
    >()
    expectTypeOf<Operations['copyToStores']>().returns.resolves.toEqualTypeOf<Image>()
    expectTypeOf<Operations['stage']>().parameter(1).toEqualTypeOf<Data>()
    expectTypeOf<Operations['getTask']>().returns.resolves.toEqualTypeOf<ServiceTask>()
    expectTypeOf<Operations['getUsage']>().returns.resolves.toEqualTypeOf<readonly QuotaUsage[]>()
    expectTypeOf<keyof StagingOptions>().toEqualTypeOf<
      'signal' | 'onProgress' | 'allowEmpty' | 'decompress' | 'strictFormat' | 'spoolFolder'
    >()
  })

  it('give lists that are read in three forms', () => {
    expectTypeOf<Client['getImages']>().returns.toEqualTypeOf<ImageList<ImageSummary>>()
    expectTypeOf<Client['getImagesDetailed']>().returns.toEqualTypeOf<ImageList<Image>>()
    expectTypeOf<ImageList<Image>>().toExtend<AsyncIterable<Image>>()
    expectTypeOf<ImageList<Image>['page']>().returns.resolves.toEqualTypeOf<Page<Image>>()
    expectTypeOf<ImageList<Image>['toArray']>().returns.resolves.toEqualTypeOf<Image[]>()
    expectTypeOf<Image['uri']>().toEqualTypeOf<string>()
  })

  it('name images in three forms', () => {
    expectTypeOf<ImageRef>().toEqualTypeOf<string | number>()
    expectTypeOf<Parameters<Client['getImageMeta']>[0]>().toEqualTypeOf<ImageRef>()
    expectTypeOf<Client['getImageMeta']>().returns.resolves.toEqualTypeOf<Image>()
    expectTypeOf<Client['getImage']>().returns.resolves.toEqualTypeOf<ImageWithData>()
    expectTypeOf<ImageWithData['data']>().toEqualTypeOf<Readable>()
    expectTypeOf<Client['download']>().returns.resolves.toEqualTypeOf<Image>()
    expectTypeOf<Client['waitFor']>().returns.resolves.toEqualTypeOf<ReachedState>()
  })

  it('take every source of bytes, and no text', () => {
    expectTypeOf<Readable | ReadableStream | FileHandle | Blob | Uint8Array | ArrayBuffer>().toExtend<Data>()
    expectTypeOf<AsyncIterable<Uint8Array> | Iterable<Uint8Array>>().toExtend<Data>()
    expectTypeOf<string>().not.toExtend<Data>()
  })

  it('take metadata in the names of the library and of the wire', () => {
    expectTypeOf<{name: string; diskFormat: string; isPublic: 'on'}>().toExtend<ImageMeta>()
    expectTypeOf<{disk_format: string; is_public: boolean; min_ram: number}>().toExtend<ImageMeta>()
    expectTypeOf<{properties: {cores: number}}>().toExtend<ImageMeta>()
    expectTypeOf<{status: string}>().not.toExtend<ImageMeta>()
    expectTypeOf<{type: 'disk'}>().not.toExtend<ImageMeta>()
  })

  it('describe members', () => {
    expectTypeOf<Client['getImageMembers']>().returns.resolves.toEqualTypeOf<readonly Member[]>()
    expectTypeOf<Client['getMemberImages']>().returns.resolves.toEqualTypeOf<readonly SharedImage[]>()
    const replace: Client['replaceMembers'] = async () => {}
    expectTypeOf(replace).toBeCallableWith('id', 'p1', {memberId: 'p2', canShare: true}, {member_id: 'p3'})
    expectTypeOf(replace).toBeCallableWith('id', ['p1'], {signal: new AbortController().signal})
  })

  it('narrow failures', () => {
    const error: unknown = new Error('x')
    if (isFailure(error)) expectTypeOf(error.kind).toEqualTypeOf<FailureKind>()
    if (isFailure(error, 'not-found')) expectTypeOf(error.kind).toEqualTypeOf<'not-found'>()
    expectTypeOf<Failure['candidates']>().toEqualTypeOf<readonly Image[] | undefined>()
  })
})

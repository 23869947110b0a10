/** Opens the store in S3, and checks that the bucket can be used. */
import {readFile} from 'node:fs/promises'
import {CreateBucketCommand, ListObjectsV2Command, S3Client} from '@aws-sdk/client-s3'
import {state} from '@aws-sdk/core/client'
import {explainConnectError} from '../../../lib/http/errors/transport-errors.js'
import {Failure, usageError} from '../../../lib/model/errors.js'
import {type FindValue, readSettings, requireSetting, type ValuesOf} from '../../settings/setting.js'
import {S3_STORE} from '../../settings/tables/stores.js'
import {DEFAULT_HASH, type HashAlgorithm} from '../store.js'
import {S3Bucket} from './bucket.js'
import {readProblem, type S3Problem} from './errors.js'
import {createPartSizes} from './part-sizes.js'
import {S3Store} from './s3-store.js'

type S3Settings = ValuesOf<typeof S3_STORE>

/** Milliseconds to connect, and without a byte in either direction. A copy within S3 answers late. */
const CONNECT_TIMEOUT = 5000
const IDLE_TIMEOUT = 120_000

/** Of each request, with pauses of up to a second between them. */
const MAX_ATTEMPTS = 3

/**
 * @param find finds the settings of the store
 * @param hashAlgo algorithm of the second digest of the data
 * @throws Failure `usage` for settings that are missing or invalid, `denied` for keys that S3 refuses, `unavailable` when S3
 *   cannot be reached
 */
export async function openS3Store(find: FindValue, hashAlgo: HashAlgorithm = DEFAULT_HASH): Promise<S3Store> {
  const settings = readSettings(S3_STORE, find)
  const bucketName = requireBucketName(settings)
  const client = await createClient(settings)
  await requireBucket(client, bucketName, settings)
  return new S3Store({
    bucket: new S3Bucket(client, bucketName),
    bucketName,
    hashAlgo,
    sizes: createPartSizes(settings.s3_store_large_object_size, settings.s3_store_large_object_chunk_size),
  })
}

/** A client for the settings. @throws Failure `usage` for settings that are missing or invalid */
export async function createClient(settings: S3Settings): Promise<S3Client> {
  const endpoint = parseEndpoint(settings.s3_store_host)
  const ca = await readCertificates(settings.s3_store_cacert)
  // Readers that stall must not keep others waiting for a connection.
  const agent = {keepAlive: true, maxSockets: Number.POSITIVE_INFINITY}
  const credentials = {
    accessKeyId: requireSetting('a store in S3', settings, 's3_store_access_key'),
    secretAccessKey: requireSetting('a store in S3', settings, 's3_store_secret_key'),
  }
  // No warning about the end of the support of Node 20: this version of the client does support it.
  state.warningEmitted = true
  return new S3Client({
    ...(endpoint && {endpoint: endpoint.href}),
    region: settings.s3_store_region_name,
    credentials,
    forcePathStyle: usesPaths(settings.s3_store_bucket_url_format, endpoint),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    // Servers other than that of Amazon may not know the newer checksums, or answer without them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Waits for a second with servers that ignore it, and opens a connection for each part.
    expectContinueHeader: false,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    disableS3ExpressSessionAuth: true,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      socketTimeout: IDLE_TIMEOUT,
      httpAgent: agent,
      httpsAgent: {...agent, ...(ca && {ca})},
    },
  })
}

/** @returns undefined for the service of Amazon */
function parseEndpoint(host: string | undefined): URL | undefined {
  if (!host) return undefined
  const address = host.includes('://') ? host : `https://${host}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url
  throw usageError('invalid s3_store_host: expected an http or https URL without a user', {
    advice:
      'Set s3_store_host to an address such as https://s3.example.com, and give keys with s3_store_access_key.',
  })
}

/** The bucket is in the path, except at Amazon: other services often have no names and certificates for each bucket. */
function usesPaths(format: S3Settings['s3_store_bucket_url_format'], endpoint: URL | undefined): boolean {
  if (format !== 'auto') return format === 'path'
  return endpoint !== undefined && !endpoint.hostname.endsWith('.amazonaws.com')
}

async function readCertificates(path: string | undefined): Promise<string | undefined> {
  if (!path) return undefined
  return readFile(path, 'utf8').catch(error => {
    throw usageError(`cannot read s3_store_cacert ${path}`, {why: error.message, cause: error})
  })
}

function requireBucketName(settings: S3Settings): string {
  const name = requireSetting('a store in S3', settings, 's3_store_bucket')
  if (/^[A-Za-z0-9][\w.-]{2,254}$/.test(name)) return name
  throw usageError(
    `invalid s3_store_bucket '${name}': expected 3 or more letters, digits, dots, hyphens and underscores`,
  )
}

/** Lists the bucket rather than asking for it: only that is answered with a reason. */
async function requireBucket(client: S3Client, name: string, settings: S3Settings): Promise<void> {
  try {
    await client.send(new ListObjectsV2Command({Bucket: name, MaxKeys: 1}))
  } catch (error) {
    const problem = readProblem(error)
    if (problem.code !== 'NoSuchBucket') throw toFailure(problem, name, settings)
    if (!settings.s3_store_create_bucket_on_put) {
      throw usageError(`the bucket '${name}' does not exist in S3`, {
        advice: 'Create it, name another with s3_store_bucket, or set s3_store_create_bucket_on_put.',
      })
    }
    await createBucket(client, name, settings)
  }
}

async function createBucket(client: S3Client, name: string, settings: S3Settings): Promise<void> {
  const region = settings.s3_store_region_name as 'eu-west-1'
  // The region of the default endpoint must not be named.
  const place =
    String(region) === 'us-east-1' ? {} : {CreateBucketConfiguration: {LocationConstraint: region}}
  await client.send(new CreateBucketCommand({Bucket: name, ...place})).catch(error => {
    const problem = readProblem(error)
    // Another process was faster.
    if (problem.code !== 'BucketAlreadyOwnedByYou') throw toFailure(problem, name, settings)
  })
}

const KEYS = 'GLANCE_S3_STORE_ACCESS_KEY and GLANCE_S3_STORE_SECRET_KEY'

/** What to do, by the code of S3. */
const ADVICE: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'Check s3_store_access_key (GLANCE_S3_STORE_ACCESS_KEY).',
  // Swift answers so to an unknown access key too.
  SignatureDoesNotMatch: `Check s3_store_secret_key, and s3_store_access_key too (${KEYS}).`,
  AccessDenied: `Check s3_store_bucket and the keys (${KEYS}), and let them list, read, write and delete in the bucket.`,
  RequestTimeTooSkewed: 'Set the clock of this machine.',
  AuthorizationHeaderMalformed: 'Check s3_store_region_name.',
  PermanentRedirect: 'Check s3_store_region_name: the bucket is in another region.',
  BucketAlreadyExists: 'Choose another s3_store_bucket: this one belongs to another account.',
}

function toFailure(problem: S3Problem, bucket: string, {s3_store_host: host}: S3Settings): Failure {
  const {status, code, cause} = problem
  if (status === undefined) {
    const {why} = explainConnectError(cause)
    return new Failure('unavailable', `cannot reach S3 at ${host ?? 'Amazon'}`, {
      why,
      advice: adviseConnection(code, host),
    })
  }
  const isDenied = status === 401 || status === 403
  const kind = isDenied ? 'denied' : status >= 500 ? 'unavailable' : 'failed'
  const advice = isDenied ? `Check ${KEYS}.` : status < 500 ? CHECK_HOST : undefined
  return new Failure(kind, `cannot use the bucket '${bucket}' in S3`, {
    why: `it answered ${status} (${code})`,
    advice: ADVICE[code] ?? advice,
  })
}

/** An answer without a known code is perhaps from another server. */
const CHECK_HOST = 'Check s3_store_host: its address, and http:// or https://.'

function adviseConnection(code: string, host = ''): string {
  if (code === 'EPROTO') return 'Write http:// in s3_store_host, which is https:// by default.'
  const isBroken = code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_')
  if (isBroken && host.startsWith('http:')) return 'If S3 uses TLS, write https:// in s3_store_host.'
  return 'Check s3_store_host, and s3_store_cacert if its certificate is from an authority of your own.'
}

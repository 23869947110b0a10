/** Reads the files of TLS: CA bundle, client certificate and private key. */
import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto'
import {readdir, readFile, stat} from 'node:fs/promises'
import {join} from 'node:path'
import type {SecureContextOptions} from 'node:tls'
import type {AskSecret} from '../../io/prompt-once.js'
import {explainReadError} from '../../io/read-errors.js'
import {type Failure, usageError} from '../../model/errors.js'

/** A path, alone or with its origin, which failures then name. */
export type TlsFile = string | {readonly value: string; readonly from: string}

/** Verification of servers, and the client certificate. */
export interface TlsOptions {
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined
  /** CA bundle, or folder of certificates, that replaces the authorities of the system. */
  readonly cacert?: TlsFile | undefined
  /** Client certificate; the file may hold the key too. */
  readonly cert?: TlsFile | undefined
  /** Private key of `cert`. */
  readonly key?: TlsFile | undefined
  /**
   * Asks for the passphrase of an encrypted key; returns undefined where it cannot. Each transport asks separately:
   * `promptOnce` lets several share an answer.
   */
  readonly askSecret?: AskSecret | undefined
}

/** Purpose of a file, and the option that names it. */
interface TlsFileUse {
  readonly purpose: string
  readonly option: string
}

const CA_BUNDLE: TlsFileUse = {purpose: 'CA bundle', option: '--os-cacert'}
const CLIENT_CERTIFICATE: TlsFileUse = {purpose: 'client certificate', option: '--os-cert'}
const CLIENT_KEY: TlsFileUse = {purpose: 'client key', option: '--os-key'}

const PEM_CERTIFICATE =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m

/**
 * Reads the files into options of Node's TLS, which are empty when no file is named.
 * @throws Failure of kind usage that names file and option, for a file that cannot be read or has the wrong content,
 * for a key that belongs to another certificate, and for a passphrase that is wrong or cannot be asked for
 */
export async function readTlsFiles(options: TlsOptions): Promise<SecureContextOptions> {
  const {insecure, cacert, cert, key, askSecret} = options
  return {
    ...(cacert && !insecure && {ca: await readAuthorities(cacert)}),
    ...(cert && (await readClientIdentity(cert, key ?? cert, askSecret))),
  }
}

async function readAuthorities(file: TlsFile): Promise<string[]> {
  const path = toPath(file)
  const isFolder = await stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
  if (isFolder) return readAuthorityFolder(file)
  return parseCertificates(await readContent(file, CA_BUNDLE), file, CA_BUNDLE).map(String)
}

/** Reads each certificate once: in a folder for OpenSSL every file has a link, and a bundle may hold them all. */
async function readAuthorityFolder(file: TlsFile): Promise<string[]> {
  const certificates = new Set<string>()
  for (const entry of await readdir(toPath(file))) {
    const content = await readFile(join(toPath(file), entry), 'latin1').catch(() => '')
    for (const block of content.match(PEM_CERTIFICATE) ?? []) certificates.add(block)
  }
  if (certificates.size > 0) return [...certificates].filter(isCertificate)
  throw unusableFileError(file, CA_BUNDLE, 'no file in it contains a certificate')
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0
  } catch {
    return false
  }
}

async function readClientIdentity(
  cert: TlsFile,
  key: TlsFile,
  askSecret: AskSecret | undefined,
): Promise<{cert: string; key: string}> {
  const chain = parseCertificates(await readContent(cert, CLIENT_CERTIFICATE), cert, CLIENT_CERTIFICATE)
  const privateKey = await readPrivateKey(key, askSecret)
  if (!chain[0]?.checkPrivateKey(privateKey)) {
    throw unusableFileError(key, CLIENT_KEY, `it does not belong to the certificate in ${toPath(cert)}`)
  }
  return {cert: chain.join(''), key: String(privateKey.export({type: 'pkcs8', format: 'pem'}))}
}

/** Parses at least one certificate, in PEM or DER. */
function parseCertificates(content: Buffer, file: TlsFile, use: TlsFileUse): readonly X509Certificate[] {
  const blocks: readonly (string | Buffer)[] = content.toString('latin1').match(PEM_CERTIFICATE) ?? [content]
  try {
    return blocks.map(block => new X509Certificate(block))
  } catch (cause) {
    const why = blocks[0] === content ? 'it contains no certificate' : 'one of its certificates is damaged'
    throw unusableFileError(file, use, why, cause)
  }
}

async function readPrivateKey(file: TlsFile, askSecret: AskSecret | undefined): Promise<KeyObject> {
  const content = await readContent(file, CLIENT_KEY)
  const isEncrypted = ENCRYPTED.test(content.toString('latin1'))
  const passphrase = isEncrypted ? await askSecret?.(`Passphrase of the key ${toPath(file)}: `) : undefined
  if (isEncrypted && passphrase === undefined) {
    throw unusableFileError(file, CLIENT_KEY, 'it is encrypted, and its passphrase cannot be asked for')
  }
  try {
    return createPrivateKey({key: content, ...(passphrase !== undefined && {passphrase})})
  } catch (cause) {
    throw unusableFileError(
      file,
      CLIENT_KEY,
      isEncrypted ? 'the passphrase is wrong' : 'it contains no private key',
      cause,
    )
  }
}

async function readContent(file: TlsFile, use: TlsFileUse): Promise<Buffer> {
  try {
    return await readFile(toPath(file))
  } catch (cause) {
    throw unusableFileError(file, use, explainReadError(cause) ?? String(cause), cause)
  }
}

function unusableFileError(
  file: TlsFile,
  {purpose, option}: TlsFileUse,
  why: string,
  cause?: unknown,
): Failure {
  const origin = typeof file === 'string' || file.from === option ? '' : `; this one comes from ${file.from}`
  const advice = `Name another file with ${option}${origin}.`
  return usageError(`cannot use ${toPath(file)} as ${purpose}`, {why, advice, cause})
}

function toPath(file: TlsFile): string {
  return typeof file === 'string' ? file : file.value
}

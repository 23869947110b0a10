/** Reads the files by which servers and we prove ourselves: authorities, certificates, private keys. */
import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import type {SecureContextOptions} from 'node:tls'
import type {AskSecret} from '../../io/prompt-once.js'
import {type Failure, usageError} from '../../model/errors.js'
import {errorCode} from '../errors/transport-errors.js'

/** A path; with the place that named it, failures name that place too. */
export type TlsFile = string | {readonly value: string; readonly from: string}

/** How servers prove themselves to us, and we to them. */
export interface TlsOptions {
  /** Accept any certificate. */
  readonly insecure?: boolean | undefined
  /** File of the authorities to trust, in place of those that the system trusts. */
  readonly cacert?: TlsFile | undefined
  /** File of the certificate that we show; may hold the key too. */
  readonly cert?: TlsFile | undefined
  /** File of the private key of `cert`. */
  readonly key?: TlsFile | undefined
  /**
   * Asks for the passphrase of an encrypted key; gives undefined when nobody can be asked. Each transport asks for
   * itself: `askedOnce` lets several share an answer.
   */
  readonly askSecret?: AskSecret | undefined
}

/** What a file is for, and the option that names it. */
interface TlsFileUse {
  readonly purpose: string
  readonly option: string
}

const CA_BUNDLE: TlsFileUse = {purpose: 'the authorities to trust', option: '--os-cacert'}
const CLIENT_CERTIFICATE: TlsFileUse = {purpose: 'the certificate of the client', option: '--os-cert'}
const CLIENT_KEY: TlsFileUse = {purpose: 'the key of the client', option: '--os-key'}

const PEM_CERTIFICATE =
  /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:TRUSTED )?CERTIFICATE-----/g
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m

/**
 * The files as TLS wants them; nothing when none is named.
 * @throws Failure of kind usage that names file and option, for a file that cannot be read or does not hold what it
 * should, for a key that belongs to another certificate, and for a passphrase that is wrong or cannot be asked for
 */
export async function readTlsFiles(options: TlsOptions): Promise<SecureContextOptions> {
  const {insecure, cacert, cert, key, askSecret} = options
  return {
    ...(cacert && !insecure && {ca: await readAuthorities(cacert)}),
    ...(cert && (await readClientIdentity(cert, key ?? cert, askSecret))),
  }
}

async function readAuthorities(file: TlsFile): Promise<string[]> {
  return parseCertificates(await readContent(file, CA_BUNDLE), file, CA_BUNDLE).map(String)
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

/** At least one, from PEM or DER. */
function parseCertificates(content: Buffer, file: TlsFile, use: TlsFileUse): readonly X509Certificate[] {
  const blocks: readonly (string | Buffer)[] = content.toString('latin1').match(PEM_CERTIFICATE) ?? [content]
  try {
    return blocks.map(block => new X509Certificate(block))
  } catch (cause) {
    const why = blocks[0] === content ? 'it holds no certificate' : 'one of its certificates is damaged'
    throw unusableFileError(file, use, why, cause)
  }
}

async function readPrivateKey(file: TlsFile, askSecret: AskSecret | undefined): Promise<KeyObject> {
  const content = await readContent(file, CLIENT_KEY)
  const isEncrypted = ENCRYPTED.test(content.toString('latin1'))
  const passphrase = isEncrypted ? await askSecret?.(`Passphrase of the key ${toPath(file)}: `) : undefined
  if (isEncrypted && passphrase === undefined) {
    throw unusableFileError(
      file,
      CLIENT_KEY,
      'it is encrypted, and there is nobody to ask for its passphrase',
    )
  }
  try {
    return createPrivateKey({key: content, ...(passphrase !== undefined && {passphrase})})
  } catch (cause) {
    throw unusableFileError(
      file,
      CLIENT_KEY,
      isEncrypted ? 'the passphrase is wrong' : 'it holds no private key',
      cause,
    )
  }
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
}

async function readContent(file: TlsFile, use: TlsFileUse): Promise<Buffer> {
  try {
    return await readFile(toPath(file))
  } catch (cause) {
    throw unusableFileError(file, use, READ_ERRORS[errorCode(cause)] ?? String(cause), cause)
  }
}

function unusableFileError(
  file: TlsFile,
  {purpose, option}: TlsFileUse,
  why: string,
  cause?: unknown,
): Failure {
  const from = typeof file === 'string' || file.from === option ? '' : `It comes from ${file.from}. `
  const advice = `${from}Name another file with ${option}.`
  return usageError(`cannot use ${toPath(file)} as ${purpose}`, {why, advice, cause})
}

function toPath(file: TlsFile): string {
  return typeof file === 'string' ? file : file.value
}

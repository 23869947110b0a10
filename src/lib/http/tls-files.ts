/** Reads the files by which servers and we prove ourselves: authorities, certificates, private keys. */
import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import type {SecureContextOptions} from 'node:tls'
import {type Failure, usageError} from '../model/errors.js'
import type {AskSecret} from './asked-once.js'
import {codeOf} from './trouble.js'

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
interface Use {
  readonly as: string
  readonly option: string
}

const AUTHORITIES: Use = {as: 'the authorities to trust', option: '--os-cacert'}
const CERTIFICATE: Use = {as: 'the certificate of the client', option: '--os-cert'}
const KEY: Use = {as: 'the key of the client', option: '--os-key'}

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
    ...(cacert && !insecure && {ca: await authorities(cacert)}),
    ...(cert && (await identity(cert, key ?? cert, askSecret))),
  }
}

async function authorities(file: TlsFile): Promise<string[]> {
  return certificatesIn(await contentOf(file, AUTHORITIES), file, AUTHORITIES).map(String)
}

async function identity(
  cert: TlsFile,
  key: TlsFile,
  askSecret: AskSecret | undefined,
): Promise<{cert: string; key: string}> {
  const chain = certificatesIn(await contentOf(cert, CERTIFICATE), cert, CERTIFICATE)
  const opened = await privateKey(key, askSecret)
  if (!chain[0]?.checkPrivateKey(opened)) {
    throw unusable(key, KEY, `it does not belong to the certificate in ${pathOf(cert)}`)
  }
  return {cert: chain.join(''), key: String(opened.export({type: 'pkcs8', format: 'pem'}))}
}

/** At least one, from PEM or DER. */
function certificatesIn(content: Buffer, file: TlsFile, use: Use): readonly X509Certificate[] {
  const blocks: readonly (string | Buffer)[] = content.toString('latin1').match(PEM_CERTIFICATE) ?? [content]
  try {
    return blocks.map(block => new X509Certificate(block))
  } catch (cause) {
    const why = blocks[0] === content ? 'it holds no certificate' : 'one of its certificates is damaged'
    throw unusable(file, use, why, cause)
  }
}

async function privateKey(file: TlsFile, askSecret: AskSecret | undefined): Promise<KeyObject> {
  const content = await contentOf(file, KEY)
  const isEncrypted = ENCRYPTED.test(content.toString('latin1'))
  const passphrase = isEncrypted ? await askSecret?.(`Passphrase of the key ${pathOf(file)}: `) : undefined
  if (isEncrypted && passphrase === undefined) {
    throw unusable(file, KEY, 'it is encrypted, and there is nobody to ask for its passphrase')
  }
  try {
    return createPrivateKey({key: content, ...(passphrase !== undefined && {passphrase})})
  } catch (cause) {
    throw unusable(file, KEY, isEncrypted ? 'the passphrase is wrong' : 'it holds no private key', cause)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
}

async function contentOf(file: TlsFile, use: Use): Promise<Buffer> {
  try {
    return await readFile(pathOf(file))
  } catch (cause) {
    throw unusable(file, use, REASONS[codeOf(cause)] ?? String(cause), cause)
  }
}

function unusable(file: TlsFile, {as, option}: Use, why: string, cause?: unknown): Failure {
  const from = typeof file === 'string' || file.from === option ? '' : `It comes from ${file.from}. `
  const advice = `${from}Name another file with ${option}.`
  return usageError(`cannot use ${pathOf(file)} as ${as}`, {why, advice, cause})
}

function pathOf(file: TlsFile): string {
  return typeof file === 'string' ? file : file.value
}

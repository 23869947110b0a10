/** The authorities that this machine trusts, beside those that Node brings along. */
import {readFile} from 'node:fs/promises'
import * as tls from 'node:tls'

/** Where the systems keep them in one file: Debian, Red Hat, SUSE, Alpine and BSD. */
const CA_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

type CaEnv = Readonly<Record<string, string | undefined>>

/**
 * Node's authorities and the system's, as PEM. The system's are those of the file in `SSL_CERT_FILE`, else of the first
 * bundle found, else what Node can tell of the stores of macOS and Windows (from Node 22.15 on).
 * Takes about 40 ms where there is a bundle, so ask only when Node's own do not do.
 */
export async function readSystemAuthorities({SSL_CERT_FILE}: CaEnv): Promise<string[]> {
  for (const file of SSL_CERT_FILE ? [SSL_CERT_FILE, ...CA_BUNDLES] : CA_BUNDLES) {
    const found = await readFile(file, 'latin1').catch(() => '')
    const certificates = found.match(PEM_CERTIFICATE)
    if (certificates) return [...tls.rootCertificates, ...certificates]
  }
  return [...tls.rootCertificates, ...readPlatformStore()]
}

type NewerTls = typeof tls & {readonly getCACertificates?: (type: 'system') => string[]}

function readPlatformStore(): readonly string[] {
  const {getCACertificates}: NewerTls = tls
  return getCACertificates?.('system') ?? []
}

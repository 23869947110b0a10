/** Which addresses may be imported from: those of the web that everybody could reach. */
import {lookup} from 'node:dns/promises'
import {isIP} from 'node:net'
import {bareHost, isPublicAddress} from '../stores/reachable.js'

/** Whether data may be fetched from there on behalf of a caller. */
export type MayImport = (uri: string) => Promise<boolean>

const PORTS = ['', '80', '443']

/**
 * Names are looked up here, so that a caller hears at once what will not be done; one that cannot be found passes, and fails
 * later as one that does not answer. The store asks again of each address it connects to.
 * @param inside whether loopback and private addresses, and all ports, are allowed
 */
export function importFilter(inside: boolean): MayImport {
  return async uri => {
    const url = URL.canParse(uri) ? new URL(uri) : undefined
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return false
    if (inside) return true
    const host = bareHost(url)
    if (!PORTS.includes(url.port)) return false
    if (isIP(host)) return isPublicAddress(host)
    const found = await lookup(host, {all: true}).catch(() => [])
    return found.every(({address}) => isPublicAddress(address))
  }
}

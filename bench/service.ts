/**
 * The embedded service compared with a real Glance (CLOUD_NOAUTH_URL, see `peer.ts`): uploads and downloads by `curl`. The
 * processor time is that of the service. What the embedded service takes is 1. The last row is the processor time of MD5 and
 * SHA-512 alone, which every upload contains.
 *
 * BENCH_SIZE, BENCH_ROUNDS and BENCH_FOLDER as for transfers.
 */
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {findPeer} from './peer.js'
import {compare, folder, ROUNDS, run, SIZE, type Variant, writeDisk} from './rounds.js'
import {openTarget} from './target.js'

const MIB = 1024 * 1024
const PEER = 'Glance (Python)'
const disk = path.join(folder, 'disk')

/** A service under test. */
interface Service {
  readonly name: string
  readonly url: string
  readonly pid: number | undefined
}

const target = await openTarget()
try {
  const peer = await findPeer()
  const services: Service[] = [{name: 'glance serve', ...target}, ...(peer ? [{name: PEER, ...peer}] : [])]
  await writeDisk(disk)
  console.log(`${SIZE} MiB, ${ROUNDS} rounds; what the embedded service takes is 1`)
  compare('Upload into the service', [...services.map(toUpload), hashesAlone()], removeNew)
  const downloads = services.map(toDownload)
  compare('Download from the service', downloads)
} finally {
  removeNew()
  await target.close()
  await rm(folder, {recursive: true, force: true})
}

function toUpload({name, url, pid}: Service): Variant {
  const record = path.join(folder, 'created')
  const document = `'{"name": "bench", "disk_format": "raw", "container_format": "bare"}'`
  const create = `curl -sf -H 'Content-Type: application/json' -d ${document} ${url}/v2/images`
  const id = `grep -o '"id": *"[^"]*"' | cut -d '"' -f 4`
  const put = `curl -sf -X PUT -H 'Content-Type: application/octet-stream' -T "${disk}"`
  return {
    name,
    service: pid,
    goal: name === PEER ? '2.5 in time, 1.3 in processor time' : undefined,
    line: `id=$(${create} | ${id}) && echo ${url}/v2/images/$id >> "${record}" && ${put} ${url}/v2/images/$id/file`,
  }
}

function hashesAlone(): Variant {
  const program = `const {createHash} = require('crypto'), hashes = ['md5', 'sha512'].map(name => createHash(name)), part = Buffer.alloc(${MIB});
    for (let n = 0; n < ${SIZE}; n++) for (const hash of hashes) hash.update(part)`
  return {name: 'MD5 and SHA-512 alone', line: `"${process.execPath}" -e "${program}"`}
}

function toDownload(service: Service): Variant {
  run(toUpload(service).line)
  const image = run(`tail -n 1 "${path.join(folder, 'created')}"`).trim()
  const goal = service.name === PEER ? '1' : undefined
  return {name: service.name, service: service.pid, goal, line: `curl -sf -o /dev/null ${image}/file`}
}

/** Deletes the images of uploads that nothing needs any more. */
function removeNew(): void {
  run(`cd "${folder}" && touch created && xargs -r -n 1 curl -sf -X DELETE < created && rm created`)
}

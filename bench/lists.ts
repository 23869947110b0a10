/**
 * Lists of 25 images by 16 clients (`wrk`), from the embedded service and from a real Glance (CLOUD_NOAUTH_URL, see `peer.ts`),
 * and the list of all images by the clients, with their peaks of memory. BENCH_IMAGES (default 100000) is the number of images,
 * which are created first and deleted in the end; BENCH_ROUNDS as for transfers.
 */
import {readFileSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {type Filled, fill} from './fill.js'
import {findPeer} from './peer.js'
import {
  compare,
  folder,
  isInstalled,
  listOthers,
  printRow,
  ROUNDS,
  run,
  summarize,
  type Variant,
} from './rounds.js'
import {openTarget} from './target.js'

const IMAGES = Number(process.env['BENCH_IMAGES'] ?? 100_000)
const CLIENTS = 16
/** A Glance with many images takes seconds for each request. */
const SECONDS = 8

interface Service extends Filled {
  readonly name: string
}

const target = await openTarget()
const services: Service[] = [{...target, name: 'glance serve', kind: 'embedded'}]
const filled: Awaited<ReturnType<typeof fill>>[] = []
try {
  const peer = await findPeer()
  if (peer) services.push({...peer, name: 'Glance (Python)', kind: 'glance'})
  for (const service of services) {
    const done = await fill(service, IMAGES)
    filled.push(done)
    console.log(`${service.name}: ${done.added}`)
  }
  if (isInstalled('wrk')) compareRates()
  else console.log('Requests are left out: wrk is not installed')
  const clients = [
    {name: 'glance', line: `${target.tool} index --format ndjson > /dev/null`},
    ...listOthers({glance: `${target.glance} image-list --limit ${IMAGES} > /dev/null`}, '10'),
  ]
  compare('All images as ndjson', clients)
  comparePeaks(clients)
} finally {
  for (const {empty} of filled) await empty()
  await target.close()
  await rm(folder, {recursive: true, force: true})
}

/** Requests per second as ratios to the first service, so that more is better. */
function compareRates(): void {
  const rates = services.map((): number[] => [])
  for (const service of services) measureRate(service)
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, service] of services.entries()) rates[index]?.push(measureRate(service))
  printRow('List of 25 images', ['requests per second', 'goal'])
  for (const [index, {name}] of services.entries()) {
    const ratios = rates[index]?.map((rate, round) => rate / (rates[0]?.[round] || 1)) ?? []
    printRow(`  ${name}`, [summarize(ratios, 3), index === 0 ? '' : '0.1 at most'])
  }
}

function measureRate({url}: Service): number {
  const report = run(`wrk -t 1 -c ${CLIENTS} -d ${SECONDS}s --timeout 60s "${url}/v2/images?limit=25"`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1])
}

/** The peaks of memory, by GNU time. */
function comparePeaks(clients: readonly Variant[]): void {
  if (!isInstalled('time')) return
  const report = path.join(folder, 'peak')
  printRow('The same', ['peak of memory in MiB', 'goal'])
  for (const {name, line} of clients) {
    run(`$(which time) --format %M --output "${report}" ${line}`)
    const peak = Number(readFileSync(report, 'utf8')) / 1024
    printRow(`  ${name}`, [peak.toFixed(0), name === 'glance' ? 'below 150' : ''])
  }
}

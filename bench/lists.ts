/**
 * Lists of 25 images by 16 clients (`wrk`), from the embedded service and from a real Glance (CLOUD_NOAUTH_URL, see `peer.ts`),
 * and the list of all images by the clients. BENCH_IMAGES (default 1000) is the number of images, which are created first and
 * deleted in the end; BENCH_ROUNDS as for transfers.
 */
import {spawnSync} from 'node:child_process'
import {rm} from 'node:fs/promises'
import {findPeer} from './peer.js'
import {compare, folder, listOthers, ROUNDS, run, summarize} from './rounds.js'
import {openTarget} from './target.js'

const IMAGES = Number(process.env['BENCH_IMAGES'] ?? 1000)
const CLIENTS = 16
const SECONDS = 3

/** A service under test, and the images in it. */
interface Service {
  readonly name: string
  readonly url: string
  readonly ids: readonly string[]
}

const target = await openTarget()
const services: Service[] = []
try {
  const peer = await findPeer()
  services.push({name: 'glance serve', url: target.url, ids: await createImages(target.url)})
  if (peer) services.push({name: 'Glance (Python)', url: peer.url, ids: await createImages(peer.url)})
  console.log(`${IMAGES} images, ${ROUNDS} rounds`)
  if (spawnSync('which', ['wrk']).status === 0) compareRates()
  else console.log('Requests are left out: wrk is not installed')
  compare('All images', [
    {name: 'glance index --json', line: `${target.tool} index --json > /dev/null`},
    ...listOthers({
      glance: `${target.glance} image-list --limit ${IMAGES} > /dev/null`,
      openstack: `${target.openstack} image list > /dev/null`,
    }),
  ])
} finally {
  const others = services.slice(1)
  for (const {url, ids} of others)
    await forEach(ids, id => fetch(`${url}/v2/images/${id}`, {method: 'DELETE'}))
  await target.close()
  await rm(folder, {recursive: true, force: true})
}

/** Requests per second as ratios to the first service, so that more is better. */
function compareRates(): void {
  const rates = services.map((): number[] => [])
  for (const service of services) measureRate(service)
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, service] of services.entries()) rates[index]?.push(measureRate(service))
  console.log(`\n${'List of 25 images'.padEnd(26)} requests per second`)
  for (const [index, {name}] of services.entries()) {
    const ratios = rates[index]?.map((rate, round) => rate / (rates[0]?.[round] || 1)) ?? []
    console.log(`  ${name.padEnd(24)} ${summarize(ratios)}`)
  }
}

function measureRate({url}: Service): number {
  const report = run(`wrk -t 1 -c ${CLIENTS} -d ${SECONDS}s "${url}/v2/images?limit=25"`)
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1])
}

async function createImages(url: string): Promise<string[]> {
  const numbers = Array.from({length: IMAGES}, (_, n) => n)
  const ids: string[] = []
  await forEach(numbers, async n => {
    const body = JSON.stringify({name: `bench-${n}`, disk_format: 'raw', container_format: 'bare'})
    const headers = {'content-type': 'application/json'}
    const response = await fetch(`${url}/v2/images`, {method: 'POST', body, headers})
    const {id} = (await response.json()) as {readonly id: string}
    ids.push(id)
  })
  return ids
}

/** Calls it for every entry, for several at a time. */
async function forEach<Entry>(entries: readonly Entry[], act: (entry: Entry) => Promise<unknown>) {
  const rest = entries.values()
  const work = async () => {
    for (const entry of rest) await act(entry)
  }
  await Promise.all(Array.from({length: CLIENTS}, work))
}

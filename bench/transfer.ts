/**
 * Uploads and downloads compared with `curl` and the other clients, on the same service, one after the other in every round.
 * Prints ratios to `curl`; times of one machine on one day say nothing.
 *
 * BENCH_URL names a service, BENCH_TOKEN the token for it, and BENCH_API the version of the API (default 2); without a URL the
 * embedded service is started. BENCH_SIZE (default 512) is the size of the image in MiB, BENCH_ROUNDS (default 9) how often everything
 * is done, BENCH_FOLDER where data is kept: one in memory leaves the disk out of the comparison.
 */
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {rmSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {compare, folder, listOthers, ROUNDS, run, SIZE, type Variant, writeDisk} from './rounds.js'
import {openTarget} from './target.js'

const FIELDS = 'disk_format=raw container_format=bare'
const OCTETS = `-H 'Content-Type: application/octet-stream'`

const disk = path.join(folder, 'disk')
const copy = path.join(folder, 'copy')
const target = await openTarget()
const {url, version, tool, curl, glance, openstack} = target
try {
  await writeDisk(disk)
  console.log(`${SIZE} MiB, ${ROUNDS} rounds, version ${version} of the API; what curl takes is 1`)
  compare('Upload from a file', uploads(), removeNew)
  compare('Upload from a pipe', pipeUploads(), removeNew)
  const id = addImage()
  compare('Download into a pipe', pipeDownloads(id))
  compare('Download into a file', fileDownloads(id), removeCopy)
  if (version === 2) await compareLimited()
  run(`${tool} delete --force ${id}`)
} finally {
  await target.close()
  await rm(folder, {recursive: true, force: true})
}

function uploads(): Variant[] {
  const create = `--disk-format raw --container-format bare --file "${disk}"`
  return [
    {name: 'curl', line: curlUpload(`-T "${disk}"`)},
    {name: 'glance', line: `${tool} add name=bench ${FIELDS} < "${disk}"`, goal: '1.3'},
    {
      name: 'glance --no-verify',
      line: `${tool} add name=bench ${FIELDS} --no-verify < "${disk}"`,
      goal: '1.1',
    },
    ...peers({
      glance: `${glance} image-create --name bench ${create} 0<&-`,
      openstack: `${openstack} image create ${create} bench`,
    }),
  ]
}

function pipeUploads(): Variant[] {
  return [
    {name: 'curl', line: `cat "${disk}" | ${curlUpload('-T -')}`},
    {name: 'glance', line: `cat "${disk}" | ${tool} add name=bench ${FIELDS}`, goal: '1.4'},
    {name: 'glance --no-verify', line: `cat "${disk}" | ${tool} add name=bench ${FIELDS} --no-verify`},
    ...peers({
      glance: `cat "${disk}" | ${glance} image-create --name bench --disk-format raw --container-format bare`,
    }),
  ]
}

function curlUpload(data: string): string {
  if (version === 1) {
    const meta = ['name: bench', 'disk_format: raw', 'container_format: bare']
    const headers = meta.map(field => `-H 'x-image-meta-${field}'`).join(' ')
    return `${curl} -o /dev/null -X POST ${OCTETS} ${headers} ${data} ${url}/v1/images`
  }
  const document = '{"name": "bench", "disk_format": "raw", "container_format": "bare"}'
  const made = `${curl} -H 'Content-Type: application/json' -d '${document}' ${url}/v2/images`
  const id = `$(${made} < /dev/null | grep -o '"id": *"[^"]*"' | cut -d '"' -f 4)`
  return `${curl} -X PUT ${OCTETS} ${data} ${url}/v2/images/${id}/file`
}

function pipeDownloads(id: string): Variant[] {
  return [
    {name: 'curl', line: `${curl} ${dataUrl(id)} | cat > /dev/null`},
    {name: 'glance', line: `${tool} download ${id} | cat > /dev/null`},
    {name: 'glance --no-verify', line: `${tool} download ${id} --no-verify | cat > /dev/null`},
    ...peers({glance: `${glance} image-download ${id} | cat > /dev/null`}),
  ]
}

function fileDownloads(id: string): Variant[] {
  const download = `${tool} download ${id} --file "${copy}"`
  return [
    {name: 'curl', line: `${curl} -o "${copy}" ${dataUrl(id)}`},
    {name: 'curl, then sync', line: `${curl} -o "${copy}" ${dataUrl(id)} && sync "${copy}"`},
    {name: 'glance', line: download, goal: '1.3'},
    {name: 'glance --no-verify', line: `${download} --no-verify`, goal: '1.1'},
    ...(version === 2
      ? [{name: 'glance --parallel 4', line: `${download} --parallel 4`, goal: 'below glance'}]
      : []),
    ...peers({
      glance: `${glance} image-download --file "${copy}" ${id}`,
      openstack: `${openstack} image save --file "${copy}" ${id}`,
    }),
  ]
}

/** Parallel downloads of 64 MiB, where one connection is slower than the machine. */
async function compareLimited(): Promise<void> {
  const proxy = spawn(process.execPath, [path.join(import.meta.dirname, 'limit.js'), url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [address] = await once(proxy.stdout, 'data')
  const limited = tool.replace(url, String(address).trim())
  const id = addImage(`head -c ${64 * 1024 * 1024} "${disk}" |`)
  const download = `${limited} download ${id} --file "${copy}"`
  const variants = [
    {name: 'glance', line: download},
    {name: 'glance --parallel 4', line: `${download} --parallel 4`, goal: 'below 1'},
  ]
  compare('Download, 8 MiB/s per connection', variants, removeCopy)
  run(`${tool} delete --force ${id}`)
  proxy.kill()
}

function dataUrl(id: string): string {
  return version === 1 ? `${url}/v1/images/${id}` : `${url}/v2/images/${id}/file`
}

/** They support only version 2. */
function peers(lines: Readonly<Record<string, string>>): Variant[] {
  return version === 1 ? [] : listOthers(lines, '2 times glance')
}

function addImage(input = `cat "${disk}" |`): string {
  return run(`${input} ${tool} add name=bench ${FIELDS}`).trim().split(': ')[1] ?? ''
}

/** Each client writes a new file: some write into an existing one, whose memory they need not take from the system. */
function removeCopy(): void {
  rmSync(copy, {force: true})
}

function removeNew(): void {
  run(`${tool} index name=bench is_public=none --force | awk 'NR > 2 {print $1}' |
    xargs -r ${tool} delete --force`)
}

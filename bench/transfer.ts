/**
 * Uploads and downloads beside `curl` and the other clients, on the same service, one after the other in every round.
 * Prints ratios to `curl`; times of one machine on one day say nothing.
 *
 * BENCH_URL names a service of version 2 without authentication; without it the embedded one is started.
 * BENCH_MIB (default 512) is the size of the image, BENCH_ROUNDS (default 5) how often everything is done.
 */
import {spawn, spawnSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, open, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

const GLANCE = path.resolve(import.meta.dirname, '../../bin/run.js')
const MIB = 1024 * 1024
const SIZE = Number(process.env['BENCH_MIB'] ?? 512)
const FIELDS = 'disk_format=raw container_format=bare'
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5)

/** One way to do a thing: a line of shell. */
interface Way {
  readonly name: string
  readonly line: string
}

const folder = await mkdtemp(path.join(tmpdir(), 'glance-bench-'))
const disk = path.join(folder, 'disk')
const copy = path.join(folder, 'copy')
const given = process.env['BENCH_URL']
const service = given === undefined ? startService() : undefined
try {
  await writeDisk()
  const url = given ?? (await greetingOf(service))
  const version = (await offersVersion2(url)) ? 2 : 1
  console.log(`${SIZE} MiB, ${ROUNDS} rounds, version ${version} of the API; the time of curl is 1`)
  compare('Upload from a file', uploads(url, version), removeNew(url))
  compare('Upload from a pipe', pipeUploads(url, version), removeNew(url))
  const id = added(url)
  compare('Download into a pipe', pipeDownloads(url, version, id))
  compare('Download into a file', fileDownloads(url, version, id))
  run(`${glance(url)} delete --force ${id}`)
} finally {
  service?.kill('SIGTERM')
  if (service) await once(service, 'exit')
  await rm(folder, {recursive: true, force: true})
}

function startService() {
  const words = ['serve', '--port', '0', '--data-dir', path.join(folder, 'data')]
  return spawn(process.execPath, [GLANCE, ...words], {stdio: ['ignore', 'pipe', 'ignore']})
}

async function greetingOf(started: ReturnType<typeof startService> | undefined): Promise<string> {
  if (!started?.stdout) throw new Error('there is no service')
  const [greeting] = await once(started.stdout, 'data')
  return String(greeting).trim().replace('Listening on ', '')
}

/** Data that nothing on the way can make smaller. */
async function writeDisk(): Promise<void> {
  const file = await open(disk, 'w')
  for (let written = 0; written < SIZE; written += 8) await file.write(randomBytes(8 * MIB))
  await file.close()
}

async function offersVersion2(url: string): Promise<boolean> {
  const reply = await fetch(`${url}/versions`)
  return /"v2\./.test(await reply.text())
}

function glance(url: string): string {
  return `"${process.execPath}" "${GLANCE}" --url ${url}`
}

function uploads(url: string, version: 1 | 2): Way[] {
  return [
    {name: 'curl', line: curlUpload(url, version, `-T "${disk}"`)},
    {name: 'glance', line: `${glance(url)} add name=bench ${FIELDS} < "${disk}"`},
    ...unverified('add', `${glance(url)} add name=bench ${FIELDS} --no-verify < "${disk}"`),
    ...others(version, {
      glance: `glance --os-image-url ${url} --os-auth-token x image-create --name bench --disk-format raw --container-format bare --file "${disk}" 0<&-`,
      openstack: `openstack --os-auth-type none --os-endpoint ${url} image create --disk-format raw --container-format bare --file "${disk}" bench`,
    }),
  ]
}

function pipeUploads(url: string, version: 1 | 2): Way[] {
  return [
    {name: 'curl', line: `cat "${disk}" | ${curlUpload(url, version, '-T -')}`},
    {name: 'glance', line: `cat "${disk}" | ${glance(url)} add name=bench ${FIELDS}`},
    ...unverified('add', `cat "${disk}" | ${glance(url)} add name=bench ${FIELDS} --no-verify`),
    ...others(version, {
      glance: `cat "${disk}" | glance --os-image-url ${url} --os-auth-token x image-create --name bench --disk-format raw --container-format bare`,
    }),
  ]
}

function curlUpload(url: string, version: 1 | 2, data: string): string {
  const octets = `-H 'Content-Type: application/octet-stream'`
  if (version === 1) {
    const meta = ['name: bench', 'disk_format: raw', 'container_format: bare']
    const headers = meta.map(field => `-H 'x-image-meta-${field}'`).join(' ')
    return `curl -sf -o /dev/null -X POST ${octets} ${headers} ${data} ${url}/v1/images`
  }
  const document = '{"name": "bench", "disk_format": "raw", "container_format": "bare"}'
  const made = `curl -sf -H 'Content-Type: application/json' -d '${document}' ${url}/v2/images`
  const id = `$(${made} < /dev/null | grep -o '"id": *"[^"]*"' | cut -d '"' -f 4)`
  return `curl -sf -X PUT ${octets} ${data} ${url}/v2/images/${id}/file`
}

function pipeDownloads(url: string, version: 1 | 2, id: string): Way[] {
  return [
    {name: 'curl', line: `curl -sf ${dataAt(url, version, id)} | cat > /dev/null`},
    {name: 'glance', line: `${glance(url)} download ${id} | cat > /dev/null`},
    {name: 'glance --no-verify', line: `${glance(url)} download ${id} --no-verify | cat > /dev/null`},
    ...others(version, {
      glance: `glance --os-image-url ${url} --os-auth-token x image-download ${id} | cat > /dev/null`,
    }),
  ]
}

function fileDownloads(url: string, version: 1 | 2, id: string): Way[] {
  const download = `${glance(url)} download ${id} --force --file "${copy}"`
  return [
    {name: 'curl', line: `curl -sf -o "${copy}" ${dataAt(url, version, id)}`},
    {name: 'curl, then sync', line: `curl -sf -o "${copy}" ${dataAt(url, version, id)} && sync "${copy}"`},
    {name: 'glance', line: download},
    {name: 'glance --no-verify', line: `${download} --no-verify`},
    ...(version === 2 ? [{name: 'glance --parallel 4', line: `${download} --parallel 4`}] : []),
    ...others(version, {
      glance: `glance --os-image-url ${url} --os-auth-token x image-download --file "${copy}" ${id}`,
      openstack: `openstack --os-auth-type none --os-endpoint ${url} image save --file "${copy}" ${id}`,
    }),
  ]
}

function dataAt(url: string, version: 1 | 2, id: string): string {
  return version === 1 ? `${url}/v1/images/${id}` : `${url}/v2/images/${id}/file`
}

/** Nothing, as long as the command cannot be told. */
function unverified(command: string, line: string): Way[] {
  const help = run(`"${process.execPath}" "${GLANCE}" help ${command}`)
  return help.includes('--no-verify') ? [{name: 'glance --no-verify', line}] : []
}

/** The other clients, those that are installed; they speak version 2 alone. */
function others(version: 1 | 2, lines: Readonly<Record<string, string>>): Way[] {
  if (version === 1) return []
  const there = Object.entries(lines).filter(([name]) => spawnSync('which', [name]).status === 0)
  return there.map(([name, line]) => ({name: `${name} (Python)`, line}))
}

function added(url: string): string {
  return (
    run(`${glance(url)} add name=bench ${FIELDS} < "${disk}"`)
      .trim()
      .split(': ')[1] ?? ''
  )
}

function removeNew(url: string): () => void {
  return () =>
    void run(`${glance(url)} index name=bench is_public=none --force | awk 'NR > 2 {print $1}' |
    xargs -r ${glance(url)} delete --force`)
}

/** Does everything in turn, several times, and prints the median of the ratios to the first way. */
function compare(what: string, ways: readonly Way[], after: () => void = () => {}): void {
  const able = ways.filter(way => works(way, after))
  const ratios = able.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    let first = 0
    for (const [index, {line}] of able.entries()) {
      const took = timed(line)
      if (index === 0) first = took
      ratios[index]?.push(took / first)
      after()
    }
  }
  console.log(`\n${what}`)
  for (const [index, {name}] of able.entries()) {
    const sorted = (ratios[index] ?? []).toSorted((a, b) => a - b)
    const [least = 0, middle = 0, most = 0] = [
      sorted[0],
      sorted[Math.floor(sorted.length / 2)],
      sorted.at(-1),
    ]
    console.log(`  ${name.padEnd(22)} ${middle.toFixed(2)}  (${least.toFixed(2)} to ${most.toFixed(2)})`)
  }
}

/** Whether it can be done at all; also warms the caches of the system. */
function works({name, line}: Way, after: () => void): boolean {
  try {
    run(line)
    after()
    return true
  } catch (error) {
    if (!name.endsWith('(Python)')) throw error
    console.log(`${name} is left out: ${String(error).trim().split('ended with')[1]}`)
    return false
  }
}

function timed(line: string): number {
  const start = performance.now()
  run(line)
  return performance.now() - start
}

/** With an empty home: another client keeps there what it learns, and stumbles over it the next time. */
function run(line: string): string {
  const env = {PATH: process.env['PATH'], HOME: path.join(folder, 'home')}
  const {status, stdout, stderr} = spawnSync('bash', ['-c', `rm -rf "$HOME"; set -o pipefail; ${line}`], {
    encoding: 'utf8',
    env,
  })
  if (status !== 0) throw new Error(`${line}\nended with ${status}: ${stderr}`)
  return stdout
}

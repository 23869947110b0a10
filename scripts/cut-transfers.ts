/**
 * Cuts uploads and downloads at many positions, and counts how each ended:
 * `node dist/scripts/cut-transfers.js URL [CUTS] [MIB] [add|download]`, with the URL of an Image service without
 * authentication, or that accepts the token in OS_TOKEN. A transfer that does not end verified, or with an error and nothing
 * half-made, is a finding. Too long for the tests.
 */
import {spawn} from 'node:child_process'
import {createHash, randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {cutAt, type Interference, startInterferingProxy} from '../test/support/http/interfering-proxy.js'

interface RunResult {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

interface FoundImage {
  readonly id: string
  readonly status: string
  readonly checksum: string
}

const GLANCE = path.resolve(import.meta.dirname, '../../bin/run.js')
const [url = '', cuts = '200', mib = '64', only] = process.argv.slice(2)
const {port, pathname, origin} = new URL(url)
const data = randomBytes(Number(mib) * 1024 * 1024)
const checksum = createHash('md5').update(data).digest('hex')
const name = `cut ${process.pid}`

const folder = await mkdtemp(path.join(tmpdir(), 'glance-cut-'))
const source = path.join(folder, 'source')
const target = path.join(folder, 'target')
await writeFile(source, data)
let findings = 0
try {
  if (only !== 'download') await cutAllUploads()
  if (only !== 'add') await cutAllDownloads()
} finally {
  await rm(folder, {recursive: true})
}
process.exit(findings === 0 ? 0 : 1)

async function cutAllUploads(): Promise<void> {
  await cutUploads(['--file', source])
  await cutUploads(['--file', '-'])
}

async function cutAllDownloads(): Promise<void> {
  const {stdout} = await glance(url, ['add', `name=${name}`, '--file', source])
  const id = stdout.toString().trim().split(' ').at(-1) ?? ''
  for (const words of [['--file', target], ['--file', target, '--parallel', '4'], []])
    await cutDownloads(id, words)
  await cutDownloads(id, ['--file', target, '--resume'], data.subarray(0, data.length / 3))
  await glance(url, ['delete', '--force', id])
}

/** Resets every second connection, and closes the others as if they were complete. */
function listCuts(heavy: 'up' | 'down', light: 'up' | 'down'): readonly Interference[] {
  const count = Number(cuts)
  const spread = (end: number, places: number) =>
    Array.from({length: places}, (_, n) =>
      cutAt(Math.round((n / (places - 1)) * end), n % 2 === 0 ? 'reset' : 'close'),
    )
  return [
    ...spread(data.length + 2000, count).map(meddle => ({[heavy]: meddle})),
    ...spread(2000, Math.ceil(count / 10)).map(meddle => ({[light]: meddle})),
  ]
}

async function cutUploads(words: readonly string[]): Promise<void> {
  const isPipe = words.includes('-')
  const ends = new Map<string, number>()
  for (const meddling of listCuts('up', 'down')) {
    const ran = await runThrough(meddling, ['add', `name=${name}`, ...words], isPipe ? data : undefined)
    count(ends, ran, await findUploadFault(ran))
  }
  report(`add ${isPipe ? 'from a pipe' : '--file'}`, ends)
}

/** Finds what is wrong with the images after an upload, and removes them. */
async function findUploadFault({code}: RunResult): Promise<string | undefined> {
  const images = await listImages()
  for (const {id} of images) await glance(url, ['delete', '--force', id])
  if (code !== 0) return images.length === 0 ? undefined : `left behind: ${JSON.stringify(images)}`
  const isWhole = images.length === 1 && images[0]?.status === 'active' && images[0].checksum === checksum
  return isWhole ? undefined : `not one whole image: ${JSON.stringify(images)}`
}

/** Lists images of any status except deleted, without the tool. */
async function listImages(): Promise<readonly FoundImage[]> {
  const query = new URLSearchParams({name})
  if (pathname.startsWith('/v1')) query.set('changes-since', '2000-01-01')
  const list = pathname.startsWith('/v1') ? '/v1/images/detail?is_public=None&' : '/v2/images?'
  const token = process.env['OS_TOKEN']
  const reply = await fetch(`${origin}${list}${query}`, {headers: token ? {'x-auth-token': token} : {}})
  const {images} = (await reply.json()) as {images: FoundImage[]}
  return images.filter(({status}) => status !== 'deleted')
}

async function cutDownloads(id: string, words: readonly string[], part?: Uint8Array): Promise<void> {
  const ends = new Map<string, number>()
  for (const meddling of listCuts('down', 'up')) {
    if (part) await writeFile(`${target}.part`, part)
    const ran = await runThrough(meddling, ['download', id, ...words])
    count(ends, ran, words.length === 0 ? findOutputFault(ran) : await findFileFault(ran))
  }
  report(`download ${words.map(word => (word === target ? 'FILE' : word)).join(' ') || 'to a pipe'}`, ends)
}

function findOutputFault({code, stdout}: RunResult): string | undefined {
  if (code === 0) return stdout.equals(data) ? undefined : `${stdout.length} bytes, which are not the image`
  return data.subarray(0, stdout.length).equals(stdout) ? undefined : 'what came is no part of the image'
}

/** Finds what is wrong with the files after a download, and removes them. */
async function findFileFault({code, stderr}: RunResult): Promise<string | undefined> {
  const files = (await readdir(folder)).filter(file => file !== 'source')
  const saved = await readFile(code === 0 ? target : `${target}.part`).catch(() => Buffer.alloc(0))
  for (const file of files) await rm(path.join(folder, file))
  if (code === 0) return files.length === 1 && saved.equals(data) ? undefined : `not one whole file: ${files}`
  if (files.length === 0) return undefined
  const isTold = files.join() === 'target.part' && /--resume goes on from there/.test(stderr)
  return isTold && data.subarray(0, saved.length).equals(saved) ? undefined : `left behind: ${files}`
}

async function runThrough(
  meddling: Interference,
  words: readonly string[],
  input?: Buffer,
): Promise<RunResult> {
  const proxy = await startInterferingProxy(Number(port), meddling)
  const ran = await glance(proxy.url + pathname, words, input)
  await proxy.close()
  return ran
}

async function glance(to: string, words: readonly string[], input?: Buffer): Promise<RunResult> {
  const child = spawn(process.execPath, [GLANCE, '--url', to, ...words], {stdio: 'pipe'})
  child.stdin.on('error', () => {}).end(input)
  const stdout: Buffer[] = []
  let stderr = ''
  child.stdout.on('data', chunk => stdout.push(chunk))
  child.stderr.on('data', chunk => (stderr += chunk))
  const [code] = await once(child, 'close')
  return {code, stdout: Buffer.concat(stdout), stderr}
}

function count(ends: Map<string, number>, {code, stderr}: RunResult, wrong: string | undefined): void {
  const isSilent = code !== 0 && !stderr.startsWith('glance: ') && !/\nglance: /.test(stderr)
  if (wrong !== undefined || isSilent) {
    findings += 1
    console.log(`FINDING: exit code ${code}, ${wrong ?? 'no error told'}\n${stderr}`)
  }
  const hows = {again: 'sent again', 'going on': 'taken up again', 'starting over': 'started over'}
  const [, how] = Object.entries(hows).find(([text]) => stderr.includes(text)) ?? []
  const [told = ''] = /^glance: .*/m.exec(stderr) ?? []
  const end =
    code === 0
      ? ['verified', how].filter(Boolean).join(', ')
      : `exit code ${code}: ${told.replace(/[0-9a-f]{8}-[-0-9a-f]{27}/, 'ID').replace(/127\S+/, 'URL')}`
  ends.set(end, (ends.get(end) ?? 0) + 1)
}

function report(what: string, ends: ReadonlyMap<string, number>): void {
  for (const [end, times] of ends) console.log(`${what}: ${times} ${end}`)
}

/** A tour of the tool: starts the embedded service, runs every command against it, and shows each before its output. */
import {spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createReadStream} from 'node:fs'
import {mkdtemp, open, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

const GLANCE = path.resolve(import.meta.dirname, '../../bin/run.js')
const MIB = 1024 * 1024

/** The environment without the user's clouds, since the tour deletes all images at the end. */
const strangersToClouds = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('OS_')),
)

const folder = await mkdtemp(path.join(tmpdir(), 'glance-tour-'))
const service = spawn(
  process.execPath,
  [GLANCE, 'serve', '--port', '0', '--data-dir', path.join(folder, 'data')],
  {
    stdio: ['ignore', 'pipe', 'ignore'],
  },
)
try {
  console.log('$ glance serve &')
  const [greeting] = await once(service.stdout, 'data')
  process.stdout.write(greeting)
  await tour(String(greeting).trim().replace('Listening on ', ''))
} finally {
  service.kill('SIGTERM')
  await once(service, 'exit')
  await rm(folder, {recursive: true})
}
console.log('\nThat was it. Start a service of your own with: glance serve')

async function tour(url: string): Promise<void> {
  const disk = path.join(folder, 'hello.img')
  await writeFile(disk, bootableDisk())
  const run = (line: string, input?: string, through?: 'cat') => glance(line, {url, input, through})

  announce('Where the service is; --host, --port and --url say it as well')
  console.log(`$ export OS_IMAGE_URL=${url}`)

  announce('Upload an image from a file: a disk of 4 MiB that boots and says hello')
  const id = parseId(
    await run(`add name="Hello disk" is_public=true container_format=bare distro=none < ${disk}`, disk),
  )
  announce('Upload the same from a pipe, and read all that comes back')
  const words = '--verbose add name="Hello from a pipe" is_public=true min_ram=64'
  const second = parseId(await run(words, disk, 'cat'))
  announce('See what a command would do: here a field is misspelt')
  await run('--dry-run add name=Foo distro=Ubuntu is_publi=True')

  announce('What does a field mean, and how are command lines completed in a shell?')
  await run('help min_ram')
  await run('completion fish')

  announce('Wait until both are active, as a script would after an import')
  await run(`wait --timeout 60 ${id} ${second}`)

  announce('What is there?')
  await run('index')
  await run('index --sort-key name --sort-dir asc --max-items 1')
  await run(`show ${id}`)
  await run('details min_ram=64')

  announce('Copy it to another service; here to the same one, under another name')
  await run(`copy ${id} --to-url ${url} name=Copy min_ram=128`)

  announce('Change metadata; what is not named stays')
  await run(`update ${id} name="Hello, disk" min_disk=1 protected=yes`)
  await run(`show ${id}`)

  announce('Share it, no longer with everybody')
  await run(`update ${id} visibility=shared`)
  await run(`member-add ${id} tenant1 tenant2`)
  await run(`member-update ${id} tenant2 accepted`)
  await run(`--verbose image-members ${id}`)
  await run('member-images tenant2')
  await run(`member-delete ${id} tenant1`)
  await run(`members-replace ${id} tenant3`)
  await run(`image-members ${id}`)

  announce('Bring the data back; it is verified, and is what was sent')
  const back = path.join(folder, 'back.img')
  await run(`download ${id} --file ${back}`)
  await compare(back, disk)

  announce('Forbid its downloads for a while')
  await run(`deactivate ${id}`)
  await run(`reactivate ${id}`)

  announce('Stage data, so that the service checks and imports it')
  const staged = parseId(await run('add name=Staged disk_format=raw'))
  await run(`stage ${staged} < ${disk}`, disk)
  await run(`update ${staged} --import glance-direct`)
  const task = await run(`image tasks ${staged} -q`)
  await run(`task ${task.trim()}`)
  await run(`delete --force ${staged}`)

  announce('The stores of the service, and the quotas of the project')
  await run('store list')
  await run(`store copy ${id} http`)
  await run(`store delete --force ${id} http`)
  await run('usage')

  announce('For scripts: an object in a line for each result')
  await run('--json index')

  announce('Which settings are in force, and where they come from')
  await run('auth-info')

  announce('Version 2 of the Image API was spoken so far; the service has version 1 too')
  await run(`--url ${url}/v1 show ${id}`)

  announce('Delete: a protected image stays, until it is protected no more')
  await run(`delete --force ${second} ${id}`)
  await run(`update ${id} protected=no`)
  await run('--verbose clear --force')
  await run('index')
}

function announce(text: string): void {
  console.log(`\n# ${text}`)
}

interface RunOptions {
  readonly url: string
  /** File for standard input. */
  readonly input: string | undefined
  /** Puts a pipe between the file and the tool. */
  readonly through: 'cat' | undefined
}

/** Runs one command line, shows it before its output, and returns its standard output. */
async function glance(line: string, {url, input, through}: RunOptions): Promise<string> {
  console.log(`\n$ ${through === undefined ? '' : `${through} ${input} | `}glance ${line}`)
  const words = [...line.replace(/ < .*$/, '').matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll('"', ''),
  )
  const file = input === undefined || through ? undefined : await open(input)
  const tool = spawn(process.execPath, [GLANCE, ...words], {
    env: {...strangersToClouds, OS_IMAGE_URL: url},
    stdio: [through ? 'pipe' : (file?.fd ?? 'ignore'), 'pipe', 'inherit'],
  })
  if (through && input && tool.stdin) createReadStream(input).pipe(tool.stdin)
  const ended = once(tool, 'close')
  let output = ''
  for await (const chunk of tool.stdout ?? []) {
    process.stdout.write(chunk)
    output += chunk
  }
  await ended
  await file?.close()
  if (tool.exitCode !== 0) console.log(`(exit code ${tool.exitCode})`)
  return output
}

function parseId(output: string): string {
  const [, id] = /^Added new image with ID: (\S+)$/m.exec(output) ?? []
  if (id === undefined) throw new Error('the image was not added')
  return id
}

async function compare(back: string, disk: string): Promise<void> {
  console.log(`\n$ md5sum ${back} ${disk}`)
  const [fetched, sent] = [md5(await readFile(back)), md5(await readFile(disk))]
  console.log(`${fetched}  ${back}\n${sent}  ${disk}`)
  if (fetched !== sent) throw new Error('the data came back changed')
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** A disk whose first sector is a boot loader that prints a text through the BIOS and halts. */
function bootableDisk(): Buffer {
  const disk = Buffer.alloc(4 * MIB)
  // cld; xor ax,ax; mov ds,ax; mov si,0x7c16; next: lodsb; or al,al; jz stop; mov ah,0xe; int 0x10; jmp next; stop: hlt; jmp stop
  const code = Buffer.from('fc31c08ed8be157cac08c07406b40ecd10ebf5f4ebfd', 'hex')
  const text = Buffer.from('Hello from an image of yours!\r\n\0')
  code.writeUInt16LE(0x7c00 + code.length, 6)
  code.copy(disk, 0)
  text.copy(disk, code.length)
  disk.writeUInt16LE(0xaa55, 510)
  return disk
}

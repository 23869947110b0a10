/**
 * Cuts an upload at many places, and counts how each ended: `node dist/scripts/cut-uploads.js URL [CUTS] [MIB]`, with a URL
 * of an Image service that asks nobody who he is. Too long for the tests.
 */
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {cut, startProxy} from '../test/support/proxy.js'

const GLANCE = path.resolve(import.meta.dirname, '../../bin/run.js')
const [url = '', cuts = '200', mib = '64'] = process.argv.slice(2)
const size = Number(mib) * 1024 * 1024
const {port, pathname} = new URL(url)
const name = `cut ${process.pid}`

const folder = await mkdtemp(path.join(tmpdir(), 'glance-cut-'))
const file = path.join(folder, 'data')
await writeFile(file, Buffer.alloc(size, 'glance'))
const ends = new Map<string, number>()
try {
  for (let n = 0; n < Number(cuts); n++) {
    const proxy = await startProxy(Number(port), cut(Math.round((n / (Number(cuts) - 1)) * (size + 2000))))
    const {code, text} = await glance(proxy.url + pathname, ['add', `name=${name}`, '--file', file])
    const end = code === 0 ? `verified${/again/.test(text) ? ', sent again' : ''}` : `exit code ${code}`
    ends.set(end, (ends.get(end) ?? 0) + 1)
    if (code !== 0) console.log(text)
    await proxy.close()
    await clear(ends)
  }
} finally {
  await rm(folder, {recursive: true})
}
for (const [end, count] of ends) console.log(`${count} ${end}`)

/** Deletes the images there are; one that is not whole is a finding. */
async function clear(found: Map<string, number>): Promise<void> {
  const {text} = await glance(url, ['index', 'is_public=none', `name=${name}`])
  for (const [, id = '', bytes = ''] of text.matchAll(/^([-0-9a-f]{36}) .* (\d+)$/gm)) {
    if (Number(bytes) !== size) found.set('LEFT HALF-MADE', (found.get('LEFT HALF-MADE') ?? 0) + 1)
    await glance(url, ['delete', '--force', id])
  }
}

async function glance(to: string, words: readonly string[]): Promise<{code: number; text: string}> {
  const child = spawn(process.execPath, [GLANCE, '--url', to, ...words], {stdio: ['ignore', 'pipe', 'pipe']})
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text += chunk))
  const [code] = await once(child, 'close')
  return {code, text}
}

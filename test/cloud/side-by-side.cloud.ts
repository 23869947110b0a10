/** The same twelve commands against version 1 of the embedded service and against a real cloud: what differs, and why. */
import assert from 'node:assert/strict'
import {glance, type World} from '../support/fake-io.js'
import {startService} from '../support/service.js'
import {assertReachable, NOAUTH_URL} from './clouds.js'

/** What is there twice: on version 1, and on version 2. A line that only one of them has is null on the other side. */
const DIFFERENCES: readonly (readonly [string | null, string | null])[] = [
  // The container format of a new image when none is given.
  ['               container_format => ovf', '               container_format => bare'],
  ['Container format: ovf', 'Container format: bare'],
  [
    '<id> side by side                   raw                  ovf                               5',
    '<id> side by side                   raw                  bare                              5',
  ],
  // Where the image lives.
  ['URI: <service>/v1/images/<id>', 'URI: <service>/v2/images/<id>'],
  // Only version 2 knows these.
  [null, '                   os_hash_algo => sha512'],
  [null, '                  os_hash_value => <hash>'],
  [null, '                      os_hidden => False'],
  [null, '                           tags => []'],
  [null, '                     visibility => shared'],
  [null, 'Visibility: shared'],
  [null, 'Visibility: public'],
  [null, 'Hash algorithm: sha512'],
  [null, 'Hash: <hash>'],
  // Only version 1 tells these.
  ['                        deleted => False', null],
  ['                     deleted_at => None', null],
  // This Glance knows how large a raw disk is inside.
  ['                   virtual_size => None', '                   virtual_size => 5'],
  [null, 'Virtual size: 5'],
  // Sharing: further on version 1, answered on version 2.
  ['tenant1', 'tenant1 pending'],
]

/** The twelve, in an order that makes sense; `$1` is the id of the first image. */
const SESSION: readonly (readonly [string, ...string[]])[] = [
  ['-v', 'add', 'name=side by side', 'distro=lucid', 'min_ram=64'],
  ['add', 'name=another one', 'is_public=yes'],
  ['index', 'name=side by side', 'is_public=none'],
  ['details', 'name=another one'],
  ['show', '$1'],
  ['-v', 'update', '$1', 'min_disk=2', 'arch=x86'],
  ['update', '$2', 'is_public=no', '--purge-props'],
  ['member-add', '$1', 'tenant1'],
  ['image-members', '$1'],
  ['members-replace', '$1', 'tenant2'],
  ['member-delete', '$1', 'tenant2'],
  ['image-members', '$1'],
  ['delete', '--force', '$2'],
  ['--dry-run', 'clear'],
  ['delete', '--force', '$1'],
  ['show', '00000000-0000-4000-8000-000000000000'],
]

/** Runs the session; gives a line for each line printed on standard output, and the exit codes. */
async function printed(url: string): Promise<{lines: string[]; codes: number[]}> {
  const ids: string[] = []
  const lines: string[] = []
  const codes: number[] = []
  for (const words of SESSION) {
    const named = words.map(word => ids[Number(/^\$(\d)$/.exec(word)?.[1]) - 1] ?? word)
    const world: World = words.includes('add') ? {stdin: 'hello', kind: 'file'} : {}
    const ran = await glance(['--url', url, ...named], world)
    codes.push(ran.code)
    const [, id] = /^Added new image with ID: (\S+)$/m.exec(ran.stdout) ?? []
    if (id !== undefined) ids.push(id)
    if (!words.includes('clear')) lines.push(...steady(ran.stdout, url).split('\n').filter(Boolean))
  }
  return {lines, codes}
}

function steady(text: string, url: string): string {
  return text
    .replaceAll(url.replace(/\/v\d$/, ''), '<service>')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>')
    .replaceAll(/\b[0-9a-f]{128}\b/g, '<hash>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>')
}

describe('twelve commands side by side', () => {
  it('print the same, except where the API differs', async () => {
    await assertReachable(NOAUTH_URL)
    const service = await startService()
    try {
      const [one, two] = [await printed(`${service.url}/v1`), await printed(`${NOAUTH_URL}/v2`)]
      assert.deepEqual(two.codes, one.codes)
      assert.deepEqual(one.codes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
      const [onlyOne, onlyTwo] = [DIFFERENCES.map(([line]) => line), DIFFERENCES.map(([, line]) => line)]
      const rest = (lines: readonly string[], known: readonly (string | null)[]) =>
        lines.filter(line => !known.includes(line)).sort()
      assert.deepEqual(rest(two.lines, onlyTwo), rest(one.lines, onlyOne))
      for (const line of onlyOne)
        assert.ok(line === null || one.lines.includes(line), `version 1 never prints: ${line}`)
      for (const line of onlyTwo)
        assert.ok(line === null || two.lines.includes(line), `version 2 never prints: ${line}`)
    } finally {
      await service.close()
    }
  })
})

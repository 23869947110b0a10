/** Runs the same twelve commands with two services, which print the same lines except for known differences. */
import assert from 'node:assert/strict'
import {glance, type World} from '../support/fake-io.js'

/** Pairs of lines: one of the first service, and one of the second. A line of only one of them is paired with null. */
export type Differences = readonly (readonly [string | null, string | null])[]

/** Differences of the output over version 1 and version 2 of the API. */
export const VERSION_DIFFERENCES: Differences = [
  // The container format of a new image when none is given.
  ['               container_format => ovf', '               container_format => bare'],
  ['Container format: ovf', 'Container format: bare'],
  [
    '<id> side by side                   raw                  ovf                               5',
    '<id> side by side                   raw                  bare                              5 active',
  ],
  // The brief list of version 1 does not have the status.
  [
    'ID                                   Name                           Disk Format          Container Format               Size',
    'ID                                   Name                           Disk Format          Container Format               Size Status',
  ],
  [
    '------------------------------------ ------------------------------ -------------------- -------------------- --------------',
    '------------------------------------ ------------------------------ -------------------- -------------------- -------------- -----------',
  ],
  // The address of the image.
  ['URI: <service>/v1/images/<id>', 'URI: <service>/v2/images/<id>'],
  // Only version 2 has these.
  [null, '                   os_hash_algo => sha512'],
  [null, '                  os_hash_value => <hash>'],
  [null, '                      os_hidden => False'],
  [null, '                           tags => []'],
  [null, '                     visibility => shared'],
  [null, 'Visibility: shared'],
  [null, 'Visibility: public'],
  [null, 'Hash algorithm: sha512'],
  [null, 'Hash: <hash>'],
  // Only version 1 shows these.
  ['                        deleted => False', null],
  ['                     deleted_at => None', null],
  // Only version 2 reads the virtual size of a raw disk.
  ['                   virtual_size => None', '                   virtual_size => 5'],
  [null, 'Virtual size: 5'],
]

/** The twelve commands in a meaningful order; `$1` is the id of the first image. */
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

/** Runs the session, and returns the lines of standard output and the exit codes. */
async function runSession(url: string): Promise<{lines: string[]; codes: number[]}> {
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
    if (!words.includes('clear')) lines.push(...normalize(ran.stdout, url).split('\n').filter(isCompared))
  }
  return {lines, codes}
}

/** Only a service that is configured with several stores names them. */
function isCompared(line: string): boolean {
  return line !== '' && !/^ *stores(:| =>) /i.test(line)
}

function normalize(text: string, url: string): string {
  return text
    .replaceAll(url.replace(/\/v\d$/, ''), '<service>')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>')
    .replaceAll(/\b[0-9a-f]{128}\b/g, '<hash>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>')
}

/**
 * Runs the session with both services, and compares the output.
 * @param differences all of them must occur, and no others
 */
export async function compareSessions(
  oneUrl: string,
  twoUrl: string,
  differences: Differences,
): Promise<void> {
  const [one, two] = [await runSession(oneUrl), await runSession(twoUrl)]
  assert.deepEqual(two.codes, one.codes)
  assert.deepEqual(one.codes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
  const [onlyOne, onlyTwo] = [differences.map(([line]) => line), differences.map(([, line]) => line)]
  const rest = (lines: readonly string[], known: readonly (string | null)[]) =>
    lines.filter(line => !known.includes(line)).sort()
  assert.deepEqual(rest(two.lines, onlyTwo), rest(one.lines, onlyOne))
  for (const line of onlyOne)
    assert.ok(line === null || one.lines.includes(line), `${oneUrl} never prints: ${line}`)
  for (const line of onlyTwo)
    assert.ok(line === null || two.lines.includes(line), `${twoUrl} never prints: ${line}`)
}

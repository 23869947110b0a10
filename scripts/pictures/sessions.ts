/** The sessions that the README shows. */
import {COLUMNS, record, type Session} from './record.js'
import {toScreen} from './screen.js'
import {drawScreen, PALETTES} from './svg.js'

export const SESSIONS: readonly Session[] = [
  {
    name: 'first-steps',
    title: 'First steps: an image is added, listed and shown',
    lines: [
      'glance add name="Hello disk" is_public=true distro=none < hello.img',
      'glance index',
      'glance show "Hello disk"',
    ],
  },
  {
    name: 'safe-changes',
    title: 'Safe changes: a dry run finds a misspelt field, and a deletion is confirmed',
    before: ['glance add name="Hello disk" < hello.img'],
    lines: ['glance --dry-run add name=Foo distro=Ubuntu is_publi=True', 'glance delete "Hello disk"'],
    answers: [true],
  },
  {
    name: 'scripting',
    title: 'Scripts: JSON, chosen columns, and ids for the next command',
    before: [
      'glance add name="Hello disk" distro=none < hello.img',
      'glance add name=old < disk.raw',
      'glance add name=old distro=noble < disk.raw',
    ],
    lines: [
      'glance index -o json -c id,name,size',
      'glance index -o csv -c name,status,size,properties.distro',
      'glance index -q name=old | xargs glance delete --force',
      'glance add name=again --if-absent -q < hello.img',
    ],
  },
  {
    name: 'errors',
    title: 'Errors: what failed, why, and what to do',
    before: ['glance add name=debian-12 protected=true < disk.raw'],
    lines: [
      'glance show ubuntu-24.04',
      'glance delete debian-12',
      'glance add name=new disk_format=qcow < disk.raw',
      'glance add name=new --disk-format qcow2 < disk.raw',
    ],
    answers: [true],
  },
]

/** Runs all sessions. @returns the text of the pictures, by the names of their files */
export async function drawSessions(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const session of SESSIONS) {
    const picture = {title: session.title, columns: COLUMNS, lines: toScreen(await record(session), COLUMNS)}
    for (const [name, palette] of Object.entries(PALETTES))
      files.set(`${session.name}.${name}.svg`, drawScreen(picture, palette))
  }
  return files
}

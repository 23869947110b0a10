/** The contract of every command with any service. */
import assert from 'node:assert/strict'
import {createHash, randomUUID} from 'node:crypto'
import {Readable} from 'node:stream'
import {gzipSync} from 'node:zlib'
import type {RunResult, World} from '../support/fake-io.js'
import type {Facts, Target} from './target.js'
import * as target from './target.js'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const KNOWN = '00000000-0000-4000-8000-00000000000a'
const THIRD = '00000000-0000-4000-8000-00000000000b'
const HELLO_MD5 = '5eb63bbbe01eeed093cb22bb8f5acdc3'

/** @param open reaches the service; others may use it at the same time, unless the facts say that it is exclusive */
export function commandsContract(service: string, facts: Facts, open: () => Promise<Target>): void {
  describe(`every command: ${service}`, () => {
    const name = `glance test ${process.pid} ${Date.now()}`
    let opened: Target
    let id = ''

    before(async () => {
      opened = await open()
    })
    after(async () => {
      await run(['update', id, 'protected=no'])
      await run(['delete', '--force', id])
      await opened.close()
    })

    const run = (words: readonly string[], world?: World): Promise<RunResult> =>
      target.run(opened.own, words, world)
    const runOwn = (words: readonly string[], world?: World): Promise<string> =>
      target.runSuccessfully(opened.own, words, world)
    const addOwnImage = (words: readonly string[], world?: World): Promise<string> =>
      target.addImage(opened.own, words, world)
    const index = (...words: string[]): Promise<string> => runOwn(['index', ...words, ...facts.notPublicToo])

    /** The argument of `copy` for the service itself. */
    const toItself = (): string => `${opened.own.world.env?.['OS_CLOUD'] ?? 'envvars'}:`

    describe('deactivate, reactivate', () => {
      it('forbid and allow downloads on version 2, and are refused on version 1', async () => {
        const own = await addOwnImage([`name=${name} state`, 'disk_format=raw'], {stdin: 'abc'})
        const ran = await run(['deactivate', own])
        const why = 'glance: version 1 of the Image API does not have deactivation of images'
        if (facts.apiVersion === 1) assert.deepEqual([ran.code, ran.stderr.split('\n')[0]], [2, why])
        else {
          assert.equal(ran.stdout, `Image ${own} is deactivated\n`, ran.stderr)
          assert.equal(await runOwn(['reactivate', own]), `Image ${own} is active\n`)
        }
        await runOwn(['delete', '--force', own])
      })
    })

    describe('add', () => {
      it('streams data from a pipe', async () => {
        const fields = [`name=${name}`, 'disk_format=raw', 'min_ram=64', 'distro=lucid', 'umlaut=äöü 日本']
        const output = await runOwn(['--verbose', 'add', ...fields], {stdin: 'hello world'})
        id = target.parseId(output)
        assert.match(output, /^ +status => active$/m)
        assert.match(output, /^ +size => 11$/m)
        assert.match(output, new RegExp(`^ +checksum => ${HELLO_MD5}$`, 'm'))
        assert.match(output, new RegExp(`^ +container_format => ${facts.container}$`, 'm'))
      })

      it('refuses data that does not match, and leaves nothing', async () => {
        const words = ['add', `name=${name} wrong`, 'checksum=00000000000000000000000000000000']
        const ran = await run(words, {stdin: 'hello world'})
        assert.deepEqual([ran.code, ran.stdout], [7, ''])
        assert.equal(await index(`name=${name} wrong`), '')
      })

      it('compares every digest that is published', async () => {
        const hash = (algorithm: string) => createHash(algorithm).update('hello world').digest('hex')
        const given = [`md5=${hash('md5')}`, `sha256=${hash('sha256')}`, `sha512=${hash('sha512')}`]
        const right = target.parseId(
          await runOwn(['add', `name=${name} right`, ...given], {stdin: 'hello world'}),
        )
        await runOwn(['delete', '--force', right])
        for (const algorithm of ['sha256', 'sha512']) {
          const wrong = [
            'add',
            `name=${name} wrong`,
            `os_hash_algo=${algorithm}`,
            `os_hash_value=${hash(algorithm)}`,
          ]
          const ran = await run(wrong, {stdin: 'hello world!'})
          assert.deepEqual([ran.code, ran.stdout], [7, ''])
          assert.match(ran.stderr, new RegExp(`its ${algorithm} is [0-9a-f]+, expected ${hash(algorithm)}`))
          assert.equal(await index(`name=${name} wrong`), '')
          const later = target.parseId(await runOwn(['add', `name=${name} later`]))
          const wrongData = {stdin: 'hello world!', kind: 'file'} as const
          assert.equal((await run(['update', later, `${algorithm}=${hash(algorithm)}`], wrongData)).code, 7)
          assert.doesNotMatch(await runOwn(['show', later]), /^Status: active$/m)
          await runOwn(['delete', '--force', later])
          const absent = ['add', `name=${name} wrong`, '--if-absent', `${algorithm}=${hash(algorithm)}`]
          assert.equal((await run(absent, wrongData)).code, 7)
        }
      })

      it('detects the format, adds the same data once, and decompresses', async () => {
        const head = Buffer.from('QFI\xfb\0\0\0\x03', 'latin1')
        const data = Buffer.concat([head, Buffer.alloc(504), Buffer.from(name)])
        const first = await run(['add', `name=${name} once`], {stdin: data, kind: 'file'})
        const once = target.parseId(first.stdout)
        assert.equal(first.stderr, 'note: the data looks like qcow2, so disk_format is qcow2\n')
        const again = ['add', `name=${name} twice`, '--if-absent']
        const there = `There is an image with this data, with ID: ${once} (its name is '${name} once')\n`
        assert.equal(await runOwn(again, {stdin: data, kind: 'file'}), there)
        assert.equal(await runOwn([...again, '--decompress'], {stdin: gzipSync(data), kind: 'file'}), there)
        await runOwn(['delete', '--force', once])
      })

      it('creates a queued image, whose data update sends', async () => {
        const later = await addOwnImage([`name=${name} later`])
        assert.match(await runOwn(['show', later]), /^Status: queued$/m)
        await runOwn(['update', later, 'distro=later'], {stdin: 'hello', kind: 'file'})
        const shown = await runOwn(['show', later])
        assert.match(shown, /^Status: active$/m)
        assert.match(shown, /^Property 'distro': later$/m)
        assert.equal((await run(['update', later], {stdin: 'again'})).code, 5)
        await runOwn(['delete', '--force', later])
      })

      it('refuses more properties than the service accepts, and leaves nothing', async () => {
        const properties = (count: number) => Array.from({length: count}, (_, n) => `p${n}=x`)
        const ran = await run(['add', `name=${name} many`, ...properties(facts.mostProperties + 1)])
        assert.equal(ran.code, 1)
        assert.match(ran.stderr, new RegExp(`\\b${facts.mostProperties}\\b`))
        assert.equal(await index(`name=${name} many`), '')
      })
    })

    describe('several images', () => {
      it('are shown, updated, waited for and deleted, by arguments and by ids on standard input', async () => {
        const ids = [await addOwnImage([`name=${name} 1`]), await addOwnImage([`name=${name} 2`])]
        const stdin = `${ids.join('\n')}\n`
        assert.equal(
          await runOwn(['update', ...ids, 'distro=several']),
          ids.map(id => `Updated image ${id}\n`).join(''),
        )
        assert.equal(
          await runOwn(['wait', '--until', 'queued', ...ids]),
          ids.map(id => `Image ${id} is queued\n`).join(''),
        )
        const shown = await runOwn(['show', '-'], {stdin})
        assert.deepEqual(shown.match(/^Id: .*|^Property .*/gm), [
          `Id: ${ids[0]}`,
          "Property 'distro': several",
          `Id: ${ids[1]}`,
          "Property 'distro': several",
        ])
        const deleted = await run(['delete', '--force', '-', UNKNOWN], {stdin})
        assert.deepEqual([deleted.code, deleted.stdout], [3, ids.map(id => `Deleted image ${id}\n`).join('')])
      })
    })

    describe('show, index, details', () => {
      it('show an image by id and by name', async () => {
        for (const word of [id, name]) {
          const shown = await runOwn(['show', word])
          assert.match(shown, new RegExp(`^Name: ${name}$`, 'm'))
          assert.match(shown, /^Property 'umlaut': äöü 日本$/m)
          assert.match(
            shown,
            facts.hasVisibility
              ? new RegExp(`^Visibility: ${facts.memberVisibility}$`, 'm')
              : /^Public\? No$/m,
          )
        }
      })

      it('show an image whose name looks like an id', async () => {
        const called = randomUUID().toUpperCase()
        const other = await addOwnImage([`name=${called}`])
        assert.match(await runOwn(['show', called]), new RegExp(`^Id: ${other}$`, 'm'))
        await runOwn(['update', called, 'distro=x'])
        if (facts.hasVisibility) await runOwn(['member-add', called, UNKNOWN])
        await runOwn(['delete', '--force', called])
        assert.equal(await index(`name=${called}`), '')
      })

      if (facts.apiVersion === 2) {
        it('accept an id in upper case', async () => {
          assert.match(await runOwn(['show', id.toUpperCase()]), new RegExp(`^Id: ${id}$`, 'm'))
        })
      }

      it('fail for an image that does not exist', async () => {
        for (const word of [UNKNOWN, `${name} nobody`]) {
          for (const command of [['show'], ['delete', '--force'], ['update', 'name=x'], ['download']]) {
            const [verb = '', ...rest] = command
            const ran = await run([verb, word, ...rest])
            assert.deepEqual([ran.code, ran.stdout], [3, ''])
            assert.match(ran.stderr, new RegExp(`^glance: No image with ID ${word} was found$`, 'm'))
          }
        }
      })

      it('list by filters', async () => {
        assert.match(await index(`name=${name}`), new RegExp(`^${id} `, 'm'))
        const none = await run(['index', `name=${name}`, 'distor=5'])
        assert.deepEqual([none.code, none.stdout], [0, ''])
        assert.match(none.stderr, /^note: no image matches; 'distor' is not a field and filters by a custom/m)
        assert.equal(await index(`name=${name}`, 'distro=other'), '')
        const words = ['details', 'distro=lucid', `name=${name}`, ...facts.notPublicToo]
        assert.match(await runOwn(words), new RegExp(`^Id: ${id}$`, 'm'))
        assert.match(
          await index('--sort-key', 'size', '--sort-dir', 'asc', '--limit', '1', '--max-items', '2'),
          /^ID /,
        )
      })

      it('compare sizes and times', async () => {
        const now = ['created_at>=-1d', 'created_at<2999-01-01', 'updated_at=gt:-1d', 'size>10', 'size<1K']
        assert.match(await index(`name=${name}`, ...now), new RegExp(`^${id} `, 'm'))
        for (const other of ['created_at<-1d', 'updated_at<=-1d', 'size<11', 'size>=1GiB'])
          assert.equal(await index(`name=${name}`, 'updated_at<2999-01-01', other), '', other)
        const ran = await run(['index', 'name<x'])
        assert.deepEqual([ran.code, ran.stdout], [2, ''])
        assert.match(
          ran.stderr,
          /^ {2}only size, created_at and updated_at are compared, by >=, <=, > and <$/m,
        )
      })

      it('sort by several keys on v2, and refuse them on v1', async () => {
        const words = ['index', '--sort', 'size,name:desc', `name=${name}`, ...facts.notPublicToo]
        const ran = await run(words)
        if (facts.apiVersion === 2) assert.match(ran.stdout, new RegExp(`^${id} `, 'm'))
        else assert.match(ran.stderr, /^glance: cannot sort by several keys$/m)
        assert.equal(ran.code, facts.apiVersion === 2 ? 0 : 2)
      })

      it('take the newest image that matches', async () => {
        // Both may be of the same second, so the filters decide which is the newest.
        const same = `${name} newest`
        const active = await addOwnImage([`name=${same}`], {stdin: 'one'})
        const queued = await addOwnImage([`name=${same}`])
        assert.match(await index('--newest', `name=${same}`, 'status=queued'), new RegExp(`^${queued} `, 'm'))
        assert.match(
          await runOwn(['show', '--newest', same, 'status=queued']),
          new RegExp(`^Id: ${queued}$`, 'm'),
        )
        assert.match(await runOwn(['show', '--newest', same, 'size=3']), new RegExp(`^Id: ${active}$`, 'm'))
        assert.equal(await runOwn(['download', '--newest', same]), 'one')
        assert.equal(await runOwn(['download', '--newest', same, 'created_at>=-1d', 'size=3']), 'one')
        const ran = await run(['download', '--newest', same, 'size>3'])
        assert.deepEqual([ran.code, ran.stdout], [3, ''])
        await runOwn(['delete', '--force', active, queued])
      })

      it('list the same fields in every format, and ids alone', async () => {
        const [record] = JSON.parse(await index(`name=${name}`, '-o', 'json'))
        const {size, status, created_at, tags, properties} = record
        assert.deepEqual([record.id, record.name, size, status, tags], [id, name, 11, 'active', []])
        assert.equal(properties.distro, 'lucid')
        assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
        const [shown] = JSON.parse(await runOwn(['show', id, '-o', 'json']))
        assert.deepEqual(Object.keys(shown), Object.keys(record))
        const columns = 'id,size,properties.distro'
        const csv = await index(`name=${name}`, '-o', 'csv', '-c', columns)
        assert.equal(csv, `${columns}\n${id},11,lucid\n`)
        assert.equal(await index(`name=${name}`, '--quiet'), `${id}\n`)
      })

      it('list the candidates of an ambiguous name', async () => {
        const second = await addOwnImage([`name=${name}`])
        const ran = await run(['show', name])
        assert.equal(ran.code, 1)
        for (const found of [id, second]) assert.match(ran.stderr, new RegExp(found))
        await runOwn(['delete', '--force', second])
      })
    })

    describe('wait', () => {
      it('ends when every image has the status, by id and by name', async () => {
        assert.equal(await runOwn(['wait', '--timeout', '60', id, name]), `Image ${id} is active\n`)
        const record = await runOwn(['--json', 'wait', name])
        assert.deepEqual(JSON.parse(record), {id, name, status: 'active'})
      })

      it('ends when the status cannot come any more, at the timeout, and for an image that does not exist', async () => {
        const queued = await addOwnImage([`name=${name} waits`])
        for (const [words, code, reason] of [
          [['--until', 'queued', id], 7, /^ {2}it is active$/m],
          [['--timeout', '1', queued], 6, /^ {2}it is still queued after 1 second$/m],
          [[UNKNOWN], 3, /^glance: No image with ID 0{8}-.* was found$/m],
        ] as const) {
          const ran = await run(['wait', ...words])
          assert.deepEqual([ran.code, ran.stdout], [code, ''])
          assert.match(ran.stderr, reason)
        }
        await runOwn(['delete', '--force', queued])
        assert.equal(await runOwn(['wait', '--until', 'deleted', queued]), `Image ${queued} is deleted\n`)
      })
    })

    describe('copy', () => {
      it('makes an image with the same metadata and data', async () => {
        const output = await runOwn(['copy', id, `${toItself()}${name} copy`, 'min_ram=1'])
        const copy = target.parseId(output)
        assert.match(output, new RegExp(`^Copied image ${id} to \\S+ with ID: ${copy}\n$`))
        const shown = await runOwn(['show', copy])
        for (const line of [
          `Name: ${name} copy`,
          'Status: active',
          'Size: 11',
          `Checksum: ${HELLO_MD5}`,
          'Disk format: raw',
          `Container format: ${facts.container}`,
          'Minimum Ram Required (MB): 1',
          "Property 'distro': lucid",
          "Property 'umlaut': äöü 日本",
          'Public? No',
        ])
          assert.ok(shown.split('\n').includes(line), `${line} is not in ${shown}`)
        await runOwn(['delete', '--force', copy])
      })

      it('finds an image with the same data', async () => {
        const output = await runOwn(['copy', id, toItself(), '--if-absent'])
        assert.match(output, /^There is an image with this data in \S+, with ID: \S+\n$/)
      })
    })

    describe('update', () => {
      it('keeps what is not named, and purges with --purge-props', async () => {
        await runOwn(['update', id, 'min_disk=1', 'arch=x86'])
        assert.match(await runOwn(['show', id]), /^Property 'distro': lucid$/m)
        await runOwn(['update', id, 'arch=arm', '--purge-props'])
        const shown = await runOwn(['show', id])
        assert.match(shown, /^Property 'arch': arm$/m)
        assert.doesNotMatch(shown, /distro/)
        assert.match(shown, /^Minimum Disk Required \(GB\): 1$/m)
      })

      it('removes single properties, and keeps the others', async () => {
        await runOwn(['update', id, 'one=1', 'two=2', 'three=3'])
        const ran = await run(['update', id, '--unset', 'one', '--unset', 'absent', 'two=22'])
        assert.equal(ran.stderr, `note: image ${id} has no property 'absent'\n`)
        assert.match(await runOwn(['show', id]), /^Property 'arch': arm$/m)
        const shown = await runOwn(['show', id])
        assert.doesNotMatch(shown, /'one'|absent/)
        assert.match(shown, /^Property 'two': 22$/m)
        assert.match(shown, /^Property 'three': 3$/m)
        assert.equal((await run(['update', id, '--unset', 'name'])).code, 2)
        await runOwn(['update', id, '--unset', 'two', '--unset', 'three'])
      })

      if (facts.apiVersion === 2) {
        it('adds and removes single tags', async () => {
          await runOwn(['update', id, '--tag', 'a', '--tag', 'b c'])
          await runOwn(['update', id, '--untag', 'a', '--tag', 'd'])
          const shown = await runOwn(['show', id])
          const [, tags = ''] = /^Tags: (.*)$/m.exec(shown) ?? []
          assert.deepEqual(tags.split(', ').sort(), ['b c', 'd'])
          await runOwn(['update', id, 'tags='])
        })
      }

      it('refuses a file for an image that has data, and reads no list of a loop', async () => {
        const ran = await run(['update', id, 'distro=file'], {stdin: 'data', kind: 'file'})
        assert.deepEqual([ran.code, ran.stdout], [5, ''])
        assert.match(ran.stderr, /the data of an image cannot be replaced/)
        assert.doesNotMatch(await runOwn(['show', id]), /distro/)
        const list = Readable.from(['other-id\n'])
        await runOwn(['update', id, 'arch=arm'], {stdin: list, kind: 'pipe'})
        assert.deepEqual(await list.toArray(), [Buffer.from('other-id\n')].map(String))
      })

      it('publishes where any user may, and otherwise says what remains', async () => {
        const ran = await run(['update', id, 'is_public=true'])
        assert.equal(ran.code, facts.everybodyPublishes ? 0 : 4)
        if (!facts.everybodyPublishes && facts.hasVisibility) assert.match(ran.stderr, /community/)
        assert.match(
          await runOwn(['show', id]),
          facts.everybodyPublishes ? /^Public\? Yes$/m : /^Public\? No$/m,
        )
        assert.equal(await runOwn(['image-members', id]), '')
        await runOwn(['update', id, 'is_public=false'])
      })

      it('protects an image from being deleted', async () => {
        await runOwn(['update', id, 'protected=yes'])
        const ran = await run(['delete', '--force', id])
        assert.deepEqual([ran.code, ran.stdout], [5, ''])
        await runOwn(['update', id, 'protected=no'])
      })
    })

    describe('members', () => {
      it('are added, replaced and removed', async () => {
        await runOwn(['member-add', id, 'tenant1'])
        await runOwn(['member-add', id, 'tenant1'])
        assert.equal(await runOwn(['image-members', id]), 'tenant1\n')
        await runOwn(['members-replace', id, 'tenant2'])
        assert.equal(await runOwn(['image-members', id]), 'tenant2\n')
        await runOwn(['member-delete', id, 'tenant2'])
        assert.equal((await run(['member-delete', id, 'tenant2'])).code, 3)
        assert.equal(await runOwn(['image-members', id]), '')
      })

      it('are added, replaced and removed several at a time', async () => {
        await runOwn(['member-add', id, UNKNOWN, KNOWN])
        const listed = async () => (await runOwn(['image-members', id])).trim().split('\n').sort()
        assert.deepEqual(await listed(), [KNOWN, UNKNOWN].sort())
        await runOwn(['members-replace', id, KNOWN, THIRD])
        assert.deepEqual(await listed(), [KNOWN, THIRD].sort())
        const ran = await run(['member-delete', id, UNKNOWN, KNOWN, THIRD])
        assert.equal(ran.code, 3)
        assert.match(ran.stderr, /^glance: 1 change could not be made$/m)
        assert.deepEqual(await listed(), [''])
      })

      if (facts.hasVisibility) {
        it('are ids: another value gives a warning, and does not replace them', async () => {
          const added = await run(['member-add', id, 'tenant1'])
          assert.match(
            added.stderr,
            /^note: 'tenant1' is not a project id; clouds identify members by project ids$/m,
          )
          const real = await run(['members-replace', id, UNKNOWN])
          assert.equal(/is not an id/.test(real.stderr), false)
          const ran = await run(['members-replace', id, 'tenant2'])
          assert.deepEqual([ran.code, ran.stdout], [2, ''])
          assert.match(ran.stderr, /^glance: 'tenant2' is not a project id\n.*would be removed\n.*--force/m)
          assert.equal(await runOwn(['image-members', id]), `${UNKNOWN}\n`)
          await runOwn(['member-delete', id, UNKNOWN])
        })
      }

      if (facts.hasVisibility && !facts.sharesFurther) {
        it('cannot share further: the error says so, and what to do', async () => {
          for (const command of ['member-add', 'members-replace']) {
            const ran = await run([command, id, UNKNOWN, '--can-share'])
            assert.deepEqual([ran.code, ran.stdout], [2, ''])
            assert.match(
              ran.stderr,
              new RegExp(`^glance: ${UNKNOWN} cannot be allowed to share the image further$`, 'm'),
            )
            const wayOut = /--os-image-api-version 1, or a URL that ends in \/v1/
            assert.equal(wayOut.test(ran.stderr), facts.hasVersion1, ran.stderr)
          }
          assert.equal(await runOwn(['image-members', id]), '')
        })
      }

      if (facts.memberVisibility === 'shared') {
        it('are added to a private image only after a yes', async () => {
          await runOwn(['update', id, 'visibility=private'])
          const refused = await run(['member-add', id, UNKNOWN])
          const why = 'it is private, and only shared images have members'
          assert.deepEqual(
            [refused.code, refused.stderr.split('\n').slice(0, 3)],
            [
              5,
              [
                `glance: cannot add ${UNKNOWN} to image ${id}`,
                `  ${why}`,
                `  Allow members: glance update ${id} visibility=shared`,
              ],
            ],
          )
          const agreed = await run(['member-add', id, UNKNOWN], {terminal: true, answers: [true]})
          assert.equal(agreed.code, 0)
          assert.deepEqual(agreed.asked, [
            `Image ${id} cannot have members: ${why}. Change its visibility to shared?`,
          ])
          assert.match(await runOwn(['show', id]), /^Visibility: shared$/m)
          await runOwn(['member-delete', id, UNKNOWN])
        })
      }

      if (facts.sharesFurther) {
        it('may share further with --can-share', async () => {
          await runOwn(['member-add', id, 'tenant1'])
          await runOwn(['member-add', id, 'tenant1', '--can-share'])
          const listed = async () => (await runOwn(['image-members', id])).split('\n')
          const [sign, ...rest] = facts.hasVisibility ? ['', ''] : [' *', '', '(*: Can share image)', '']
          assert.deepEqual(await listed(), [`tenant1${sign}`, ...rest])
          await runOwn(['member-add', id, 'tenant1'])
          assert.deepEqual(await listed(), ['tenant1', ''])
          await runOwn(['members-replace', id, 'tenant2', '--can-share'])
          assert.deepEqual(await listed(), [`tenant2${sign}`, ...rest])
          await runOwn(['member-delete', id, 'tenant2'])
        })
      }

      if (!facts.hasVisibility) {
        it('do not accept or reject', async () => {
          const ran = await run(['member-update', id, 'tenant1', 'accepted'])
          assert.equal(ran.code, 1)
          assert.match(ran.stderr, /members have no status in Image API v1/)
        })
      }
    })

    describe('other commands', () => {
      it('a dry run of everything changes nothing', async () => {
        const before = await runOwn(['show', id])
        for (const words of [
          ['add', `name=${name} dry`],
          ['update', id, 'name=dry'],
          ['delete', id],
          ['copy', id, toItself()],
          ['wait', id],
          ['member-add', id, 'tenant1'],
          ['members-replace', id, 'tenant1'],
          ['member-delete', id, 'tenant1'],
          ['member-update', id, 'tenant1', 'accepted'],
        ]) {
          assert.match(
            await runOwn(['--dry-run', ...words]),
            /^Dry run\. We would have done the following:\n./,
          )
        }
        assert.match(await runOwn(['--dry-run', 'clear']), new RegExp(`^Delete image ${id} "${name}"$`, 'm'))
        assert.equal(await runOwn(['show', id]), before)
        assert.equal(await index(`name=${name} dry`), '')
      })

      it('auth-info shows the service and its version', async () => {
        const output = await runOwn(['auth-info'])
        assert.match(output, /^service +http/m)
        assert.match(output, new RegExp(`^api_version +${facts.apiVersion}\\b`, 'm'))
      })

      it('no secret is in the debugging output', async () => {
        const ran = await run(['--debug', '--no-token-cache', 'show', id])
        assert.equal(ran.code, 0)
        assert.match(ran.stderr, /<- 200/)
        for (const secret of opened.secrets)
          assert.ok(!`${ran.stderr}${ran.stdout}`.includes(secret), 'a secret was printed')
      })

      if (facts.isOurs) {
        it('clear keeps protected images', async () => {
          await runOwn(['update', id, 'protected=yes'])
          for (let n = 0; n < 2; n++) await addOwnImage([`name=${name} ${n}`])
          const isCommunity = facts.memberVisibility === 'shared'
          await addOwnImage([`name=${name} 2`, ...(isCommunity ? ['visibility=community'] : [])])
          const ran = await run(['--verbose', 'clear', '--force'])
          assert.equal(ran.code, 0, ran.stderr)
          assert.equal(ran.stdout.match(/^Deleting image .* \.\.\. done$/gm)?.length, 3)
          assert.equal(ran.stderr.match(/^note: skipping image .*, which is protected$/gm)?.length, 1)
          assert.match(await index('--limit', '10'), new RegExp(`^${id} `, 'm'))
          assert.equal(await index(`name=${name} 0`), '')
          await runOwn(['update', id, 'protected=no'])
        })
      }
    })
  })
}

/** Commands with several images, and with ids on standard input: order, failures, exit codes, and bad input. */
import assert from 'node:assert/strict'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {Readable} from 'node:stream'
import {glance, type World} from '../support/fake-io.js'
import {IMAGE_ID, serveImage} from '../support/http/image-server.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

const toId = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const [A, B, C, MISSING] = [toId(1), toId(2), toId(3), toId(9)]
const RULE = '='.repeat(80)

describe('several images', () => {
  const folder = useTempDir()
  let service: TestService
  beforeEach(async () => {
    service = await startService()
    await run(['add', `id=${A}`, 'name=a', 'disk_format=qcow2'], {stdin: 'hello'})
    await run(['add', `id=${B}`, 'name=b', 'disk_format=raw'], {stdin: 'world'})
    await run(['add', `id=${C}`, 'name=My c', 'protected=yes'])
  })
  afterEach(() => service.close())

  const run = (words: readonly string[], world: World = {}) =>
    glance(['--url', service.url, ...words], {cwd: folder(), ...world})
  const requests = async (act: () => Promise<unknown>) => {
    const before = service.log.length
    await act()
    return service.log.slice(before).map(line => /"([A-Z]+ \S+)/.exec(line)?.[1])
  }

  describe('show', () => {
    it('prints them in the order of the arguments, each once, with rules between them', async () => {
      const {code, stdout, stderr} = await run(['show', 'My c', A, C, 'b', A])
      assert.deepEqual([code, stderr], [0, ''])
      const lines = stdout.split('\n').filter(line => line === RULE || line.startsWith('Id: '))
      const block = (id: string) => [`Id: ${id}`, RULE]
      // A name and an id are different arguments.
      assert.deepEqual(lines, [RULE, ...block(C), ...block(A), ...block(C), ...block(B)])
      assert.match(stdout, /={80}\n$/)
    })

    it('prints one without rules', async () => {
      const {stdout} = await run(['show', A])
      assert.match(stdout, new RegExp(`^URI: ${service.url}/v2/images/${A}\n`))
      assert.ok(!stdout.includes(RULE))
    })

    it('reports the missing ones, and exits with 3', async () => {
      const ran = await run(['--json', 'show', 'nosuch', A, MISSING, B])
      assert.equal(ran.code, 3)
      assert.deepEqual(
        ran.stdout
          .trim()
          .split('\n')
          .map(line => JSON.parse(line).id),
        [A, B],
      )
      assert.deepEqual(ran.stderr.match(/No image with ID \S+|\d images? could[^"]*/g), [
        'No image with ID nosuch',
        `No image with ID ${MISSING}`,
        '2 images could not be shown',
      ])
    })
  })

  describe('ids on standard input', () => {
    it('stand for -, also besides arguments', async () => {
      const stdin = `${B}\n\n  My c \n${B}\n`
      const ran = await run(['--json', 'show', 'a', '-'], {stdin})
      const ids = ran.stdout.match(/"id":"[^"]+"/g)
      assert.deepEqual([ran.code, ids], [0, [`"id":"${A}"`, `"id":"${B}"`, `"id":"${C}"`]])
    })

    it('come from a file too', async () => {
      const ran = await run(['image-members', '-'], {stdin: `${A}\n${B}`, kind: 'file'})
      assert.deepEqual([ran.code, ran.stdout], [0, `Image ${A}:\n\nImage ${B}:\n\n`])
    })

    it('can be none: success, and nothing is sent', async () => {
      for (const [command = '', ...more] of [
        ['show'],
        ['delete'],
        ['delete', '--force'],
        ['update', 'x=y'],
        ['wait', '--timeout=9'],
        ['download', '--dir', '.'],
        ['image-members'],
        ['member-images'],
        ['member-add', 'p1'],
        ['member-delete', 'p1'],
        ['members-replace', 'p1'],
        ['member-update', 'p1', 'accepted'],
      ]) {
        for (const world of [{stdin: ''}, {stdin: '\n'}, {kind: 'nothing'} as const]) {
          const sent = await requests(async () => {
            const {code, stdout, stderr} = await run([command, '-', ...more], world)
            const note = 'note: standard input has no ids\n'
            assert.deepEqual([code, stdout, stderr], [0, '', note], command)
          })
          assert.ok(
            sent.every(request => request === 'GET /'),
            `${command}: ${sent}`,
          )
        }
      }
    })

    it('are refused twice, and from a terminal', async () => {
      const twice = await run(['show', '-', A, '-'], {stdin: ''})
      assert.deepEqual([twice.code, twice.stderr.split('\n')[0]], [2, "glance: '-' is given twice"])
      const both = await run(['member-add', '-', '-'], {stdin: A})
      assert.deepEqual([both.code, both.stderr.split('\n')[0]], [2, "glance: '-' is given twice"])
      const typed = await run(['show', '-'], {terminal: true})
      assert.deepEqual(
        [typed.code, typed.stderr.split('\n')[0]],
        [2, 'glance: cannot read ids from a terminal'],
      )
    })

    it('are read to the end before anything is done', async () => {
      const ids = Readable.from([Buffer.from(`${A}\n`), Buffer.alloc(5000, 'x')])
      const sent = await requests(async () => {
        const ran = await run(['delete', '--force', '-'], {stdin: ids})
        assert.equal(ran.code, 2)
        assert.match(ran.stderr, /^glance: line 2 of standard input is not an id\n/)
      })
      assert.deepEqual(sent, [])
    })

    it('need --force to be deleted, and are deleted with it', async () => {
      const refused = await run(['delete', '-'], {stdin: `${A}\n${B}\n`})
      assert.equal(refused.code, 1)
      assert.match(refused.stderr, /^glance: not deleting 2 images \(.*\)\n.*not a terminal\n.*--force/)
      const ran = await run(['delete', '--force', '-'], {stdin: `${A}\n${C}\nnosuch\n${B}\n`})
      assert.deepEqual([ran.code, ran.stdout], [1, `Deleted image ${A}\nDeleted image ${B}\n`])
      assert.match(ran.stderr, /^glance: 2 images could not be deleted$/m)
    })

    it('are waited for', async () => {
      const ran = await run(['wait', '-'], {stdin: `a\n${B}\n`})
      assert.deepEqual([ran.code, ran.stdout], [0, `Image ${A} is active\nImage ${B} is active\n`])
    })
  })

  describe('update', () => {
    it('changes the images before the first field', async () => {
      const ran = await run(['update', A, 'b', 'distro=noble', '--tag', 'new', 'arch=arm'])
      assert.deepEqual([ran.code, ran.stdout], [0, `Updated image ${A}\nUpdated image ${B}\n`])
      const {stdout} = await run(['show', A, B])
      assert.equal(stdout.match(/^Property 'distro': noble$|^Tags: new$|^Property 'arch': arm$/gm)?.length, 6)
    })

    it('continues after a failure, and tells it', async () => {
      const ran = await run(['update', MISSING, B, 'x=y'])
      assert.deepEqual([ran.code, ran.stdout], [3, `Updated image ${B}\n`])
      assert.match(
        ran.stderr,
        new RegExp(`^glance: No image with ID ${MISSING} was found: .*\n.*1 image could not be updated`),
      )
    })

    it('lists a step for each in a dry run', async () => {
      const {stdout} = await run(['--json', '--dry-run', 'update', '-', 'x=y'], {stdin: `${A}\nb\n`})
      const steps = stdout.trim().split('\n')
      assert.deepEqual(
        steps.map(step => JSON.parse(step)),
        [A, 'b'].map(image => {
          const fields = {properties: {x: 'y'}}
          return {dry_run: true, action: 'update', kind: 'image', image, fields}
        }),
      )
    })

    it('refuses data for several images before anything is sent', async () => {
      await writeFile(path.join(folder(), 'disk'), 'data')
      const worlds: readonly (readonly [string[], World])[] = [
        [[], {stdin: 'data', kind: 'file'}],
        [[], {stdin: 'data'}],
        [['--file', 'disk'], {}],
      ]
      for (const [more, world] of worlds) {
        const ran = await run(['update', A, B, 'x=y', ...more], world)
        assert.deepEqual([ran.code, ran.stdout], [2, ''])
        assert.match(ran.stderr, /^glance: data can be uploaded to one image only\n/)
      }
      assert.doesNotMatch((await run(['show', A])).stdout, /Property/)
    })

    it('does not take the list for data, and takes data from a file', async () => {
      await writeFile(path.join(folder(), 'disk'), 'data')
      await run(['update', C, 'protected=no'])
      const stdin = `${C}\n`
      const refused = await run(['update', '-', '--file', '-'], {stdin})
      assert.equal(refused.code, 2)
      assert.match(refused.stderr, /^glance: standard input cannot be both the list of images and the data\n/)
      const without = await run(['update', '-', 'x=y'], {stdin})
      assert.deepEqual([without.code, without.stdout], [0, `Updated image ${C}\n`])
      assert.equal((await run(['update', '-', '--file', 'disk'], {stdin})).code, 0)
      assert.equal((await run(['download', C])).stdout, 'data')
    })

    it('reads no list of a loop that ends without data', async () => {
      const ran = await run(['update', A, B, 'x=y'], {stdin: ''})
      assert.equal(ran.code, 0, ran.stderr)
    })
  })

  describe('download --dir', () => {
    it('writes a file for each, named by id and format', async () => {
      const ran = await run(['download', 'a', B, '--dir', '.'])
      assert.deepEqual(
        [ran.code, ran.stdout],
        [0, `Downloaded image ${A} to ${A}.qcow2\nDownloaded image ${B} to ${B}.raw\n`],
      )
      assert.deepEqual((await readdir(folder())).sort(), [`${A}.qcow2`, `${B}.raw`])
      assert.equal(await readFile(path.join(folder(), `${B}.raw`), 'utf8'), 'world')
    })

    it('writes into the folder whatever the service reports as format', async () => {
      for (const [disk_format, ending] of [
        ['../../etc/x', '.._.._etc_x'],
        ['f'.repeat(400), 'f'.repeat(32)],
        ['', 'img'],
      ] as const) {
        const server = await serveImage({data: Buffer.from('data'), image: {disk_format}})
        const words = ['download', IMAGE_ID, '--dir', '.', '--url', `${server.url}/v2`]
        const ran = await glance(words, {cwd: folder()})
        await server.close()
        assert.deepEqual([ran.code, ran.stderr], [0, ''])
        assert.equal(await readFile(path.join(folder(), `${IMAGE_ID}.${ending}`), 'utf8'), 'data')
      }
    })

    it('replaces no file without consent, resumes, and continues after a failure', async () => {
      await writeFile(path.join(folder(), `${A}.qcow2`), 'hello')
      const ran = await run(['download', A, C, MISSING, B, '--dir', folder()])
      assert.deepEqual([ran.code, ran.stdout], [1, `Downloaded image ${B} to ${folder()}/${B}.raw\n`])
      assert.match(ran.stderr, /not replacing .*\.qcow2: confirmation is required/)
      assert.match(ran.stderr, /3 images could not be downloaded/)
      const asked = await run(['download', A, B, '--dir', '.'], {terminal: true, answers: [true, false]})
      assert.deepEqual(asked.asked, [`Replace ${A}.qcow2?`, `Replace ${B}.raw?`])
      assert.equal(asked.stdout, `Downloaded image ${A} to ${A}.qcow2\n`)
      const resumed = await run(['download', A, B, '--dir', '.', '--resume'])
      assert.deepEqual(
        [resumed.code, resumed.stdout],
        [0, `Image ${A} is complete in ${A}.qcow2\nImage ${B} is complete in ${B}.raw\n`],
      )
    })

    it('shows the files in a dry run', async () => {
      await writeFile(path.join(folder(), `${B}.raw`), 'x')
      const {stdout} = await run(['--dry-run', 'download', A, B, '--dir', '.'])
      assert.deepEqual(stdout.split('\n').slice(1, -1), [
        `Download image ${A} to ${A}.qcow2`,
        `Download image ${B} to ${B}.raw, replacing the existing file`,
      ])
      const partial = await run(['--dry-run', 'download', A, MISSING, B, '--dir', '.'])
      assert.deepEqual([partial.code, partial.stdout], [3, stdout])
      assert.match(partial.stderr, new RegExp(`^glance: No image with ID ${MISSING} was found`))
      assert.match(partial.stderr, /^glance: 1 image could not be downloaded$/m)
      const words = ['--dry-run', '--retries', '0', '--url', 'http://127.0.0.1:9']
      const unreachable = await glance([...words, 'download', A, B, '--dir', '.'], {cwd: folder()})
      assert.deepEqual([unreachable.code, unreachable.stderr.match(/cannot reach/g)?.length], [6, 1])
    })

    it('is required for several images, must exist, and excludes --file', async () => {
      const lines: readonly (readonly [string[], string])[] = [
        [['download', A, B], 'cannot write 2 images into one file'],
        [['download', A, B, '--file', 'x'], 'cannot write 2 images into one file'],
        [['download', A, '--dir', 'none'], 'cannot save images in none'],
        [['download', A, '--dir', '.', '--file', 'x'], '--file and --dir exclude each other'],
      ]
      for (const [words, message] of lines) {
        const {code, stderr} = await run(words)
        assert.deepEqual([code, stderr.split('\n')[0]], [2, `glance: ${message}`])
      }
    })
  })

  describe('members', () => {
    const [P1, P2] = ['1'.repeat(32), '2'.repeat(32)]

    it('of several images, several at once', async () => {
      const added = await run(['--json', 'member-add', '-', P1, P2, P1], {stdin: `a\n${B}\n`})
      assert.equal(added.code, 0, added.stderr)
      assert.deepEqual(
        added.stdout
          .trim()
          .split('\n')
          .map(line => JSON.parse(line))
          .map(({image_id, member_id}) => [image_id, member_id]),
        [
          [A, P1],
          [A, P2],
          [B, P1],
          [B, P2],
        ],
      )
      const listed = await run(['image-members', A, B])
      assert.equal(listed.stdout, `Image ${A}:\n${P1}\n${P2}\n\nImage ${B}:\n${P1}\n${P2}\n\n`)
      await run(['member-delete', A, P1, P2])
      const images = await run(['member-images', P1, P2])
      assert.equal(images.stdout, `Member ${P1}:\n${B}\n\nMember ${P2}:\n${B}\n\n`)
    })

    it('continue after a failure, and report a missing image once', async () => {
      await run(['member-add', A, P2])
      const ran = await run(['--json', 'member-delete', A, P1, P2])
      assert.equal(ran.code, 3)
      assert.deepEqual(JSON.parse(ran.stdout), {
        image_id: A,
        member_id: P2,
        can_share: null,
        status: null,
        deleted: true,
      })
      assert.match(ran.stderr, /"1 change could not be made"/)
      const missing = await run(['member-add', '-', P1, P2], {stdin: `nosuch\n${B}\n`})
      assert.equal(missing.code, 3)
      assert.equal(missing.stderr.match(/No image with ID nosuch/g)?.length, 1)
      assert.equal((await run(['image-members', B])).stdout, `${P1}\n${P2}\n`)
    })

    it('ask once for each image that cannot have members', async () => {
      await run(['update', A, B, 'visibility=private'])
      const ran = await run(['member-add', A, P1, P2], {terminal: true, answers: [false]})
      assert.deepEqual([ran.code, ran.asked.length], [5, 1])
      const agreed = await run(['member-add', A, P1, P2], {terminal: true, answers: [true]})
      assert.deepEqual([agreed.code, agreed.asked.length], [0, 1])
    })

    it('have a step for each pair in a dry run', async () => {
      const plan = async (...words: string[]) =>
        (await run(['--dry-run', ...words], {stdin: 'x\ny'})).stdout.split('\n').slice(1, -1)
      assert.deepEqual(await plan('member-add', '-', 'p1', 'p2'), [
        'Add "p1" to membership of image x',
        'Add "p2" to membership of image x',
        'Add "p1" to membership of image y',
        'Add "p2" to membership of image y',
      ])
      assert.deepEqual(await plan('member-delete', 'x', 'p1', 'p2'), [
        'Remove "p1" from the member list of image "x"',
        'Remove "p2" from the member list of image "x"',
      ])
      assert.deepEqual(await plan('members-replace', 'x', 'p1', 'p2'), [
        'Replace members of image x with "p1", "p2"',
      ])
      const {stdout} = await run(['--json', '--dry-run', 'members-replace', 'x', 'p1', 'p2'])
      const step = {dry_run: true, action: 'replace', kind: 'member', image: 'x', can_share: false}
      assert.deepEqual(
        stdout
          .trim()
          .split('\n')
          .map(line => JSON.parse(line)),
        [
          {...step, member_id: 'p1'},
          {...step, member_id: 'p2'},
        ],
      )
    })
  })
})

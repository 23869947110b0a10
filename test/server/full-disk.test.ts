/** A service with a full disk: images can still be deleted, which frees space. */
import assert from 'node:assert/strict'
import {open, rm, stat, statfs} from 'node:fs/promises'
import {join} from 'node:path'
import {exchange} from '../support/http/raw-http.js'
import {startService, type TestService} from '../support/test-service.js'
import {useTinyDisk} from '../support/tiny-disk.js'
import {readState} from '../wire/v1/replay.js'

const toId = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`

const request = (line: string, headers = '', body = '') =>
  `${line} HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`

const META =
  'x-image-meta-disk_format: raw\r\nx-image-meta-container_format: bare\r\nx-image-meta-protected: true\r\n' +
  'Content-Type: application/octet-stream\r\n'

for (const megabytes of [2, 3, 12]) {
  describe(`a service on a full disk of ${megabytes} MiB`, () => {
    let service: TestService | undefined
    // Registered before the hook that removes the disk.
    afterEach(() => service?.close())
    const disk = useTinyDisk(megabytes)
    const filler = () => join(disk(), 'filler')

    const status = async (text: string) => (await exchange(service?.port ?? 0, text)).status
    const start = async () => {
      service = await startService({dataDir: join(disk(), 'data')})
      return service
    }

    /** Larger ones on a larger disk, so that a few dozen fill it. */
    const imageSize = megabytes > 3 ? 400_000 : 100_000
    const add = (n: number) => {
      const headers = `x-image-meta-id: ${toId(n)}\r\n${META}`
      return status(request('POST /v1/images', headers, 'x'.repeat(imageSize)))
    }

    /** Adds images until one is refused, and returns the number of the last one. */
    async function fillWithImages(first = 1): Promise<number> {
      for (let n = first; ; n++) {
        const answer = await add(n)
        if (answer === 201) continue
        assert.equal(answer, 507)
        return n - 1
      }
    }

    /** Fills the rest of the disk, as another program would. */
    async function fillTheRest(): Promise<void> {
      const file = await open(filler(), 'a')
      for (let size = 65_536; size >= 1; size = Math.floor(size / 4)) {
        const writeBlock = () =>
          file.write(Buffer.alloc(size)).then(
            ({bytesWritten}) => bytesWritten > 0,
            () => false,
          )
        while (await writeBlock());
      }
      await file.close()
      assert.equal((await statfs(disk())).bavail, 0)
    }

    async function deleteAll(last: number, first = 1): Promise<void> {
      for (let n = first; n <= last; n++) {
        const unprotect = request(`PUT /v1/images/${toId(n)}`, 'x-image-meta-protected: false\r\n')
        assert.equal(await status(unprotect), 200)
        assert.equal(await status(request(`DELETE /v1/images/${toId(n)}`)), 200)
      }
      assert.deepEqual(await service?.listStored(), [])
    }

    it('deletes all images, and accepts new ones', async () => {
      await start()
      const count = await fillWithImages()
      assert.ok(count > 3, `${count} images`)
      await deleteAll(count)
      assert.equal(await add(1000), 201)
    })

    it('does so when another program has filled the disk, and when it starts in that state', async () => {
      await (await start()).close()
      await start()
      const count = await fillWithImages()
      await fillTheRest()
      await service?.close()
      await fillTheRest()
      await start()
      await fillTheRest()
      await deleteAll(count)
      await rm(filler())
      assert.equal(await add(1000), 201)
    })

    it('leaves images killed that it could not store', async () => {
      await start()
      const count = await fillWithImages()
      await fillTheRest()
      const answers = new Set<number>()
      for (let n = count + 2; n < count + 40; n++) {
        const answer = await add(n)
        answers.add(answer)
        // Space freed by the registry's log may suffice for another image.
        const expected = answer === 201 ? /^status=active/ : /^(none|status=killed, size=0)$/
        assert.match(await readState(toId(n), service?.port ?? 0), expected)
      }
      assert.ok(answers.has(507))
    })

    it('makes an image of API v2 queued again', async () => {
      await start()
      const meta = `{"id": "${toId(1)}", "disk_format": "raw", "container_format": "bare"}`
      const json = 'Content-Type: application/json\r\n'
      assert.equal(await status(request('POST /v2/images', json, meta)), 201)
      const last = await fillWithImages(2)
      await fillTheRest()
      const octets = 'Content-Type: application/octet-stream\r\n'
      const upload = request(`PUT /v2/images/${toId(1)}/file`, octets, 'x'.repeat(imageSize))
      assert.equal(await status(upload), 413)
      assert.match(await readState(toId(1), service?.port ?? 0), /^status=queued/)
      await deleteAll(last, 2)
      assert.equal(await status(upload), 204)
    })

    it('keeps the write-ahead log of the registry short', async () => {
      await start()
      await fillWithImages()
      for (let n = 0; n < 200; n++) await status(request(`PUT /v1/images/${toId(1)}`))
      const {size} = await stat(join(disk(), 'data', 'registry.sqlite-wal'))
      assert.ok(size < 1_300_000, `${size} bytes`)
    })
  })
}

/** Writes an image of 4 GiB, which a test never awaits, into the given folder until it is killed. */
import {Readable} from 'node:stream'
import {setTimeout as wait} from 'node:timers/promises'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'

async function* generateMuch(): AsyncGenerator<Buffer> {
  for (let n = 0; n < 4096; n++) {
    yield Buffer.alloc(1024 * 1024)
    await wait(5)
  }
}

const [, , directory = '', id = ''] = process.argv
await new FilesystemStore(directory).put(id, Readable.from(generateMuch()))

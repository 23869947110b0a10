// Downloads an image with progress, ends that after some bytes, and continues: node progress.mjs IMAGE PATH BYTES
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
const [image = '', path = 'image.img', limit = 1024 ** 2] = process.argv.slice(2)
const enough = new AbortController()
try {
  await client.download(image, path, {
    signal: enough.signal,
    onProgress({bytes}) {
      if (bytes >= Number(limit)) enough.abort()
    },
  })
} catch (error) {
  if (!enough.signal.aborted) throw error
  console.log(`Interrupted; the data so far is in ${path}.part`)
}
let percent = 0
await client.download(image, path, {
  resume: true,
  onProgress({bytes, total}) {
    percent = Math.floor((bytes / total) * 100)
  },
})
console.log(`${percent} % are in ${path}`)

// Adds an image with the data of a file: node add.mjs PATH
import {createReadStream} from 'node:fs'
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
const [path = '/path/to/image.tar.gz'] = process.argv.slice(2)
const meta = {
  name: 'Ubuntu 10.10 5G',
  type: 'machine',
  isPublic: true,
  properties: {distro: 'Ubuntu 10.10'},
}
const image = await client.addImage(meta, createReadStream(path))
console.log(`Stored image. Got identifier: ${image.id}`)

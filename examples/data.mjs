// Writes the data of an image into a file, chunk by chunk: node data.mjs IMAGE PATH
import {createWriteStream} from 'node:fs'
import {pipeline} from 'node:stream/promises'
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
const [ref = '', path = 'some_local_file'] = process.argv.slice(2)
const {image, data} = await client.getImage(ref)
console.log(image.name, image.size)
await pipeline(data, createWriteStream(path))

// Prints the images that are shared with a project: node member-images.mjs [PROJECT]
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
const [project = 'tenant1'] = process.argv.slice(2)
console.log(await client.getMemberImages(project))

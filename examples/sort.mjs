// Lists the images by name, from A to Z.
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
for await (const {name} of client.getImages({sortKey: 'name', sortDir: 'asc'})) console.log(name)

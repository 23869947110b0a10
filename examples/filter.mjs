// Lists the images of at most 5 GiB that have a status: node filter.mjs [STATUS]
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
const [status = 'saving'] = process.argv.slice(2)
const filters = {status, size_max: 5 * 1024 ** 3}
console.log(await client.getImagesDetailed({filters}).toArray())

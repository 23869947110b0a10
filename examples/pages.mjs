// Lists the images page by page, as a program does that shows one page at a time.
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
let marker
do {
  const page = await client.getImages({pageSize: 2, marker, sortKey: 'name', sortDir: 'asc'}).page()
  console.log(page.images.map(image => image.name))
  marker = page.next
} while (marker !== undefined)

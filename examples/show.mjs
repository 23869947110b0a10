// Prints the metadata of the first image, which is named by its URI, or of another: node show.mjs [IMAGE]
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
const {images} = await client.getImages({pageSize: 1}).page()
const [image = images[0]?.uri ?? ''] = process.argv.slice(2)
console.log(await client.getImageMeta(image))

// Lists the images with all their metadata.
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
for await (const image of client.getImagesDetailed()) console.log(image)

// Lists the images of a cloud in clouds.yaml, after a login: node cloud.mjs [CLOUD]
import {Client, isFailure} from 'glance-cli'

const [cloud] = process.argv.slice(2)
const client = cloud ? Client.fromCloud(cloud) : Client.fromEnvironment()
try {
  for await (const image of client.getImages({pageSize: 100})) console.log(image.id, image.name)
} catch (error) {
  if (!isFailure(error, 'denied')) throw error
  console.error(`The login was rejected: ${error.why}`)
}

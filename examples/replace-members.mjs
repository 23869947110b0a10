// Replaces all members of an image with two others: node replace-members.mjs IMAGE
import {Client} from 'glance-cli'

const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
const [image = 1] = process.argv.slice(2)
await client.replaceMembers(
  image,
  {memberId: 'tenant1', canShare: false},
  {memberId: 'tenant2', canShare: true},
)

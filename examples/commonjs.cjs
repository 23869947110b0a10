// Lists the images from a CommonJS module, with require.
const {Client} = require('glance-cli')

async function main() {
  const client = new Client(process.env.GLANCE_HOST ?? '127.0.0.1', Number(process.env.GLANCE_PORT ?? 9292))
  for await (const image of client.getImages()) console.log(image.id, image.name)
}

main()

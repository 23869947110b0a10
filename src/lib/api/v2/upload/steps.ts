/** The steps of an upload in version 2 of the API: data goes to a queued image, which is read back afterwards. */
import type {Image} from '../../../model/image.js'
import type {Meter} from '../../upload/meter.js'
import {mayHaveChangedImage} from '../../upload/rollback.js'
import type {LookOptions, UploadSteps} from '../../upload/steps.js'
import {imageFrom} from '../documents.js'
import {imagePath} from '../paths.js'
import type {ServiceClient} from '../service-client.js'
import {chooseAlgorithms} from './algorithms.js'
import type {DataTransfer} from './data-transfer.js'

/** The steps that uploads to new and to existing images share. */
export abstract class V2Steps implements UploadSteps {
  abstract readonly id: string | undefined
  readonly resendTo = 'same record'
  protected readonly client: ServiceClient
  readonly #transfer: DataTransfer | undefined

  constructor(client: ServiceClient, transfer: DataTransfer | undefined) {
    this.client = client
    this.#transfer = transfer
  }

  abstract create(): Promise<Image>

  async chooseAlgorithms(): Promise<readonly string[]> {
    const transfer = this.#transfer
    return transfer?.data ? chooseAlgorithms(this.client, transfer.data, transfer.draft) : []
  }

  async send(meter: Meter | undefined): Promise<undefined> {
    await this.#transfer?.send(this.id ?? '', meter)
  }

  async look(id: string, {what = `cannot see image ${id}`, signal}: LookOptions = {}): Promise<Image> {
    const document = await this.client.json('GET', imagePath(id), {what}, signal ? {signal} : {})
    return imageFrom(document, this.client.url)
  }

  mayHaveArrived(error: unknown): boolean {
    return mayHaveChangedImage(error)
  }
}

/** The steps of an upload to an existing image. */
export class V2ExistingImageSteps extends V2Steps {
  readonly id: string
  readonly create: () => Promise<Image>

  /** @param patch changes the metadata of the image before the data is sent */
  constructor(client: ServiceClient, transfer: DataTransfer, id: string, patch: () => Promise<Image>) {
    super(client, transfer)
    this.id = id
    this.create = patch
  }
}

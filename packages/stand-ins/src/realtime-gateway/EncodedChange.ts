import { encodeChangeFrame, type Vsn } from './Frame.js'
import { socketFrame } from './socketFrame.js'

/** One change for whoever hears it: serialized once, and framed once for all channels that get the same bytes. */
export class EncodedChange {
  readonly #serialize: () => string
  #data: string | undefined
  readonly #frames = new Map<string, Buffer>()

  /** `serialize` gives its JSON, and is called when somebody hears it. */
  constructor(serialize: () => string) {
    this.#serialize = serialize
  }

  for(vsn: Vsn, topic: string, ids: readonly number[]): Buffer {
    const key = `${vsn} ${ids.join()} ${topic}`
    const known = this.#frames.get(key)
    if (known !== undefined) return known
    this.#data ??= this.#serialize()
    const frame = socketFrame(encodeChangeFrame(vsn, topic, ids, this.#data))
    this.#frames.set(key, frame)
    return frame
  }
}
